import { cross, values, type Intent } from './intent.ts'

const plans = values('plan', 'Starter', 'Team', 'Business', 'Enterprise')
const cards = values(
  'method',
  'Visa card',
  'Mastercard',
  'SEPA direct debit',
  'bank transfer',
  'PayPal account',
  'Apple Pay',
  'purchase order',
)
const cycles = [
  {
    from: 'monthly',
    to: 'yearly',
    effect: 'The yearly price is 17 % lower and is charged at once; unused days of the month are credited.',
  },
  { from: 'yearly', to: 'monthly', effect: 'The change takes effect when the paid year ends; nothing is refunded before.' },
]
const countries = values('country', 'Germany', 'France', 'Spain', 'Ireland', 'Norway', 'Switzerland', 'Canada', 'Australia')

export const billingIntents: readonly Intent[] = [
  {
    topic: 'plans',
    questions: [
      'How much does the {plan} plan cost per user per month?',
      'What does the {plan} plan cost per user each month?',
      'Monthly cost of the {plan} plan per user',
      'What would the {plan} plan cost us per user per month?',
    ],
    answer:
      'The {plan} plan is billed per active user. Current prices are on the pricing page; with yearly billing every price is 17 % lower. Guests and deactivated users are free.',
    outdated: 'The {plan} plan has a flat monthly price that includes ten users. More users are sold in packs of five.',
    cases: plans,
  },
  {
    topic: 'plans',
    questions: [
      'How do I upgrade my workspace from {plan} to {next}?',
      'How can I upgrade the workspace from {plan} to {next}?',
      'Upgrade workspace from {plan} to {next}',
      'Please upgrade my workspace from {plan} to {next}, how does that work?',
    ],
    answer:
      'Open Settings > Plan, choose {next} and confirm. The upgrade is immediate; the rest of the paid period on {plan} is credited to the next invoice.',
    cases: [
      { plan: 'Starter', next: 'Team' },
      { plan: 'Starter', next: 'Business' },
      { plan: 'Team', next: 'Business' },
      { plan: 'Team', next: 'Enterprise' },
      { plan: 'Business', next: 'Enterprise' },
    ],
  },
  {
    topic: 'plans',
    questions: [
      'How do I downgrade my workspace from {plan} to {next}?',
      'How can I downgrade the workspace from {plan} to {next}?',
      'Downgrade workspace from {plan} to {next}',
    ],
    answer:
      'A downgrade from {plan} to {next} takes effect at the end of the paid period. Settings > Plan lists the features that will be switched off; data is kept read-only for 90 days.',
    cases: [
      { plan: 'Team', next: 'Starter' },
      { plan: 'Business', next: 'Team' },
      { plan: 'Business', next: 'Starter' },
      { plan: 'Enterprise', next: 'Business' },
    ],
  },
  {
    topic: 'plans',
    questions: [
      'How do I switch from {from} billing to {to} billing?',
      'Can I switch the billing from {from} to {to}?',
      'Switch {from} billing to {to} billing',
      'We would like to switch from {from} to {to} billing',
    ],
    answer: 'An owner switches from {from} to {to} under Settings > Billing > Cycle. {effect}',
    cases: cycles,
  },
  {
    topic: 'payment',
    questions: [
      'How do I change the payment method of my workspace to a {method}?',
      'How can I change the payment method of the workspace to {method}?',
      'Change workspace payment method to {method}',
      'I need to change our workspace payment method to a {method}',
    ],
    answer:
      'Go to Settings > Billing > Payment method and choose {method}. The new method is used from the next invoice on; open invoices can be retried with it at once.',
    cases: cards,
  },
  {
    topic: 'payment',
    questions: [
      'Why was my payment by {method} declined?',
      'My payment by {method} was declined, why?',
      'Payment by {method} declined',
      'Why is the payment with my {method} declined?',
    ],
    answer:
      'Most declined payments by {method} come from the bank, not from Ledgerly: limits, expired details or a missing confirmation. The exact reason stands under Settings > Billing > Payments. Payment is retried after 1, 3 and 7 days.',
    cases: cards.slice(0, 6),
  },
  {
    topic: 'refunds',
    questions: [
      'Can I get a full refund within {days} days after buying the {plan} plan?',
      'Is a full refund possible within {days} days of buying the {plan} plan?',
      'Full refund within {days} days after buying {plan} plan',
      'Do you give a full refund within {days} days after buying the {plan} plan?',
    ],
    answer:
      'Refund within {days} days on the {plan} plan: first purchases are refunded in full up to 30 days after payment, renewals only while no invoice was sent in the new period. Write to billing with the invoice number.',
    outdated:
      'Refund within {days} days on the {plan} plan: purchases can be refunded up to 14 days after payment, and only before the first invoice was sent.',
    cases: cross(values('days', '14', '30', '60'), plans.slice(0, 3)),
  },
  {
    topic: 'invoices',
    questions: [
      'Where do I download the Ledgerly invoice for {month}?',
      'Where can I download my Ledgerly invoice of {month}?',
      'Download Ledgerly invoice {month}',
      'Please tell me where to download the Ledgerly invoice for {month}',
    ],
    answer:
      'Invoices from Ledgerly are under Settings > Billing > Invoices. The one for {month} is issued on the first working day after the month and can be downloaded as PDF or UBL.',
    cases: values(
      'month',
      'January',
      'February',
      'March',
      'April',
      'May',
      'June',
      'July',
      'August',
      'September',
      'October',
      'November',
      'December',
    ),
  },
  {
    topic: 'tax',
    questions: [
      'Do I have to pay VAT in {country} for my Ledgerly subscription?',
      'Is VAT charged in {country} on the Ledgerly subscription?',
      'VAT on Ledgerly subscription in {country}',
      'Do we pay VAT on our Ledgerly subscription in {country}?',
    ],
    answer:
      'For customers in {country} the tax depends on the VAT or tax number: with a valid business number the reverse charge or export rule applies, without one the local rate is added. Enter the number under Settings > Billing > Tax.',
    cases: countries,
  },
  {
    topic: 'tax',
    questions: [
      'How do I add the VAT number of our company in {country} to the invoices?',
      'How can I add our company VAT number from {country} to invoices?',
      'Add company VAT number {country} to invoices',
    ],
    answer:
      'Enter the number under Settings > Billing > Tax. Numbers from {country} are checked with the public register, which can take a few minutes; earlier invoices can be reissued for 90 days.',
    cases: countries.slice(0, 6),
  },
  {
    topic: 'discounts',
    questions: [
      'Is there a discount for {group} on the yearly plan?',
      'Do you have a discount for {group} on yearly plans?',
      'Discount for {group} on the yearly plan',
      'Can {group} get a discount on the yearly plan?',
    ],
    answer:
      'Yes: {group} pay {percent} % less on yearly plans. Send a proof to billing once; the discount stays as long as it is renewed every year.',
    outdated: 'There is no discount for {group} at the moment; yearly billing is 10 % cheaper for everybody.',
    cases: [
      { group: 'non-profit organisations', percent: '40' },
      { group: 'schools and universities', percent: '50' },
      { group: 'startups younger than two years', percent: '25' },
      { group: 'students', percent: '60' },
      { group: 'open source projects', percent: '100' },
      { group: 'accounting partners', percent: '30' },
    ],
  },
  {
    topic: 'seats',
    questions: [
      'What happens to the bill when I {change} {count} users in the middle of the month?',
      'How does the bill change when I {change} {count} users in the middle of a month?',
      'Bill when I {change} {count} users mid month, in the middle',
    ],
    answer:
      'When you {change} {count} users in the middle of a month, the difference is charged or credited by the day on the next invoice. Nothing is booked at once.',
    cases: cross(values('change', 'add', 'remove'), values('count', '2', '5', '10', '25')),
  },
  {
    topic: 'limits',
    questions: [
      'How many invoices can I send per month on the {plan} plan?',
      'How many invoices can we send each month with the {plan} plan?',
      'Number of invoices I can send per month, {plan} plan',
    ],
    answer:
      'On the {plan} plan the number of invoices per month is shown under Settings > Usage. Starter sends 50, Team 500; Business and Enterprise have no limit.',
    outdated: 'On the {plan} plan invoices are limited to 20 per user and month.',
    cases: plans,
  },
  {
    topic: 'cancel',
    questions: [
      'How do I cancel my {plan} subscription before it renews?',
      'How can I cancel the {plan} subscription before it renews?',
      'Cancel {plan} subscription before it renews',
      'I want to cancel my {plan} subscription before it renews, how?',
    ],
    answer:
      'An owner cancels under Settings > Plan > Cancel. The {plan} subscription stays usable until the paid period ends, and everything can be exported for 90 days after.',
    cases: plans,
  },
  {
    topic: 'cancel',
    questions: [
      'I cancelled my {plan} subscription and was still charged, why?',
      'Why was I still charged after I cancelled my {plan} subscription?',
      'Still charged although {plan} subscription cancelled',
    ],
    answer:
      'A charge after cancelling {plan} is nearly always the last open period: the cancellation takes effect at its end. Compare the period on the invoice with the date under Settings > Plan; if it was later, billing refunds it.',
    cases: plans.slice(0, 3),
  },
]
