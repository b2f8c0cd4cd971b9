import { cross, values, type Intent } from './intent.ts'

const objects = [
  { object: 'invoices', menu: 'Sales > Invoices' },
  { object: 'customers', menu: 'Contacts' },
  { object: 'expenses', menu: 'Purchases > Expenses' },
  { object: 'time entries', menu: 'Projects > Time' },
  { object: 'quotes', menu: 'Sales > Quotes' },
  { object: 'products', menu: 'Catalogue' },
]
const formats = values('format', 'CSV', 'Excel', 'PDF', 'JSON')
const integrations = values(
  'app',
  'Slack',
  'Stripe',
  'Xero',
  'QuickBooks',
  'HubSpot',
  'Salesforce',
  'Shopify',
  'Zapier',
  'Google Drive',
  'Microsoft Teams',
)
const lineCounts = values('count', '100', '600', '5000')

const features = values(
  'feature',
  'approval workflows',
  'audit log exports',
  'custom roles',
  'multi-currency invoices',
  'recurring invoices',
  'sandbox environments',
)

export const productIntents: readonly Intent[] = [
  {
    topic: 'export',
    questions: [
      'How do I export all {object} of the last year as {format}?',
      'How can I export all {object} from last year as {format}?',
      'Export all {object} of last year as {format}',
      'I would like to export all the {object} of last year as {format}',
    ],
    answer:
      'Open {menu}, set the period to last year and choose Export > {format}. Large exports run in the background; a link is mailed when the file is ready and works for 7 days.',
    cases: cross(objects, formats),
  },
  {
    topic: 'import',
    questions: [
      'How do I import {object} from a {format} file into Ledgerly?',
      'How can I import {object} into Ledgerly from a {format} file?',
      'Import {object} from {format} file into Ledgerly',
      'Can I import my {object} into Ledgerly from a {format} file?',
    ],
    answer:
      'Under {menu} choose Import and drop the {format} file. Ledgerly shows a preview with the columns it recognised; nothing is written before you confirm, and an import can be undone for 24 hours.',
    cases: cross(objects, formats.slice(0, 2)),
  },
  {
    topic: 'integrations',
    questions: [
      'How do I connect Ledgerly with {app}?',
      'How can I connect Ledgerly with {app}?',
      'Connect Ledgerly with {app}',
      'What do I do to connect Ledgerly with my {app}?',
    ],
    answer:
      'Settings > Integrations > {app} > Connect. An administrator of {app} has to confirm once. Data flows one way at first; switch on two-way sync when the first run looks right.',
    cases: integrations,
  },
  {
    topic: 'integrations',
    questions: ['How do I disconnect Ledgerly from {app}?', 'How can I disconnect Ledgerly from {app}?', 'Disconnect Ledgerly from {app}'],
    answer:
      'Settings > Integrations > {app} > Disconnect. What was already copied stays on both sides; the access token is revoked at once.',
    cases: integrations,
  },
  {
    topic: 'integrations',
    questions: [
      'Why does the {app} sync show duplicate customers in Ledgerly?',
      'Why are there duplicate customers in Ledgerly after the {app} sync?',
      '{app} sync shows duplicate customers in Ledgerly',
    ],
    answer:
      'The {app} sync matches customers by tax number, then by mail address. Where both are missing it makes a new one. Merge duplicates under Contacts > Clean up, then run the sync again.',
    cases: integrations.slice(0, 7),
  },
  {
    topic: 'templates',
    questions: [
      'How do I add {part} to the invoice template?',
      'How can I add {part} to my invoice template?',
      'Add {part} to invoice template',
      'Is it possible to add {part} to the invoice template?',
    ],
    answer:
      'Settings > Templates > Invoice > Edit, then drag {part} to its place. The change applies to new invoices; drafts can be refreshed one by one.',
    cases: values(
      'part',
      'our logo',
      'a payment QR code',
      'a discount column',
      'a second language',
      'the delivery date',
      'the project number',
      'bank details',
      'a footer with legal notes',
    ),
  },
  {
    topic: 'reminders',
    questions: [
      'How do I send a payment reminder {days} days {when} the due date?',
      'How can I send payment reminders {days} days {when} the due date?',
      'Send payment reminder {days} days {when} due date',
      'Can Ledgerly send a payment reminder {days} days {when} the due date?',
    ],
    answer:
      'Settings > Reminders > Add step, then {days} days {when} the due date. Reminders go out at 9:00 in the time zone of the workspace and stop when the payment arrives.',
    cases: cross(values('days', '3', '7', '14', '30'), values('when', 'before', 'after')),
  },
  {
    topic: 'api',
    questions: [
      'What is the rate limit of the {api} API on the {plan} plan?',
      'Which rate limit does the {api} API have on the {plan} plan?',
      'Rate limit of {api} API on {plan} plan',
    ],
    answer:
      'The {api} API answers {limit} requests per minute on the {plan} plan. Every answer carries X-RateLimit-Remaining; above the limit it is 429 with Retry-After in seconds.',
    outdated: 'The {api} API allows 60 requests per minute on every plan, {plan} included.',
    cases: [
      { api: 'REST', plan: 'Team', limit: '300' },
      { api: 'REST', plan: 'Business', limit: '1,200' },
      { api: 'GraphQL', plan: 'Team', limit: '150' },
      { api: 'GraphQL', plan: 'Business', limit: '600' },
      { api: 'webhook', plan: 'Team', limit: '60' },
      { api: 'webhook', plan: 'Business', limit: '240' },
    ],
  },
  {
    topic: 'api',
    questions: [
      'Why does the API answer {status} when I create an invoice with {count} lines?',
      'The API answers {status} when I create an invoice with {count} lines, why?',
      'API answers {status} when creating an invoice with {count} lines',
    ],
    answer:
      'Status {status} means that the request was read and refused: see the field errors in the body. For an invoice with {count} lines check the tax codes first; more than 1,000 lines need the batch endpoint.',
    cases: cross(values('status', '400', '413', '422', '429'), lineCounts),
  },
  {
    topic: 'api',
    questions: [
      'How do I verify the signature of a {event} webhook in {language}?',
      'How can I verify the {event} webhook signature in {language}?',
      'Verify signature of {event} webhook in {language}',
    ],
    answer:
      'Compute HMAC-SHA256 of the raw body with the secret of the webhook and compare it with the header Ledgerly-Signature in constant time. In {language} use the standard crypto library; the body of {event} must not be parsed and printed again before.',
    cases: cross(values('event', 'invoice.paid', 'invoice.sent', 'customer.created'), values('language', 'Python', 'Node.js', 'Go', 'PHP')),
  },
  {
    topic: 'reports',
    questions: [
      'How do I see the {report} report for the last {period}?',
      'Where can I see the {report} report of the last {period}?',
      'See {report} report for last {period}',
      'I want to see the {report} report for the last {period}',
    ],
    answer:
      'Reports > {report}, then choose the last {period}. Figures are in the currency of the workspace at the rate of each day; Share makes a link for people without an account.',
    cases: cross(
      values('report', 'cash flow', 'profit and loss', 'open items', 'sales by customer'),
      values('period', 'month', 'quarter', 'year'),
    ),
  },
  {
    topic: 'currency',
    questions: [
      'How do I convert an invoice from {from} to {to}?',
      'How can I convert invoices from {from} to {to}?',
      'Convert invoice from {from} to {to}',
    ],
    answer:
      'Open the draft, choose Currency > {to}. Prices in {from} are converted at the rate of the invoice date, which can be overwritten before sending. A sent invoice cannot be converted; credit it and write a new one.',
    cases: [
      { from: 'EUR', to: 'USD' },
      { from: 'USD', to: 'EUR' },
      { from: 'GBP', to: 'EUR' },
      { from: 'EUR', to: 'GBP' },
      { from: 'CHF', to: 'EUR' },
      { from: 'EUR', to: 'CHF' },
    ],
  },
  {
    topic: 'mobile',
    questions: [
      'Does the {system} app work offline when I record {what}?',
      'Can the {system} app record {what} offline, does that work?',
      'Does {system} app work offline to record {what}',
    ],
    answer:
      'Yes. The {system} app keeps {what} on the device and sends them when there is a connection again. A small cloud with an arrow marks what has not been sent.',
    outdated: 'No. The {system} app needs a connection to record {what}; without one the buttons are greyed out.',
    cases: cross(values('system', 'iPhone', 'Android', 'iPad'), values('what', 'expenses', 'working hours', 'mileage')),
  },
  {
    topic: 'files',
    questions: [
      'What is the largest file size for {kind} attachments?',
      'Which is the largest file size of {kind} attachments?',
      'Largest file size for {kind} attachments',
    ],
    answer:
      'Attachments of kind {kind} can have 25 MB each and 100 MB per invoice. Larger files are better linked from the document store.',
    outdated: 'Attachments of kind {kind} can have 10 MB each.',
    cases: values('kind', 'PDF', 'image', 'XML', 'ZIP'),
  },
  {
    topic: 'plans',
    questions: [
      'Which Ledgerly plans include {feature}?',
      'Which of the Ledgerly plans include {feature}?',
      'Ledgerly plans that include {feature}',
    ],
    answer: 'Included: {feature} come with Business and Enterprise, and with Team as an add-on.',
    cases: features,
  },
  {
    topic: 'plans',
    questions: [
      'Which Ledgerly plans do not include {feature}?',
      "Which of the Ledgerly plans don't include {feature}?",
      'Ledgerly plans that do not include {feature}',
    ],
    answer: 'Not included: Starter has no {feature}, and Team has them only as an add-on.',
    cases: features,
  },
  {
    topic: 'settings',
    questions: [
      'How do I set the automatic sign-out of idle users to {count} {unit}?',
      'How can I set automatic sign-out for idle users to {count} {unit}?',
      'Set automatic sign-out of idle users to {count} {unit}',
    ],
    answer:
      'Settings > Security > Idle users takes any time from 5 minutes to 30 days: enter {count} and choose {unit}. The change applies at the next sign-in.',
    cases: cross(values('count', '8', '12', '24'), values('unit', 'minutes', 'hours', 'days')),
  },
]
