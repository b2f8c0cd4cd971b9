import { cross, values, type Intent } from './intent.ts'

const roles = values('role', 'administrator', 'accountant', 'viewer', 'project manager', 'external auditor')
const providers = values('provider', 'Okta', 'Microsoft Entra ID', 'Google Workspace', 'OneLogin', 'Keycloak')
const devices = values('device', 'iPhone', 'Android phone', 'laptop', 'tablet', 'security key')

export const accountIntents: readonly Intent[] = [
  {
    topic: 'login',
    questions: [
      'How do I reset the password of my Ledgerly account?',
      'How can I reset my Ledgerly account password?',
      'Reset password of Ledgerly account',
      'I forgot it: how do I reset the password of my Ledgerly account?',
    ],
    answer:
      'On the sign-in page choose Forgot password. The link in the mail works for one hour and once. Where single sign-on is on, the password is changed at your identity provider instead.',
  },
  {
    topic: 'login',
    questions: [
      'How do I {action} two-factor authentication for all users of my workspace?',
      'How can I {action} two-factor authentication for all users of the workspace?',
      '{action} two-factor authentication for all workspace users',
      'As an owner, how do I {action} two-factor authentication for all users of our workspace?',
    ],
    answer: 'Settings > Security > Two-factor authentication > {action} for everybody. {effect}',
    cases: [
      { action: 'enable', effect: 'Users without a second factor are asked for one at the next sign-in and have 7 days.' },
      { action: 'disable', effect: 'Every owner gets a mail about it, and it is written to the audit log.' },
    ],
  },
  {
    topic: 'login',
    questions: [
      'I lost my {device} with the authenticator, how do I sign in to my account?',
      'How do I sign in to my account after I lost the {device} with the authenticator?',
      'Lost {device} with authenticator, sign in to account',
    ],
    answer:
      'Use one of the ten recovery codes instead of the code from the {device}. Without them an owner resets the second factor under Settings > Users. If you are the only owner, support checks the identity, which takes two working days.',
    cases: devices,
  },
  {
    topic: 'login',
    questions: [
      'Why do I not receive the {mail} mail?',
      'I did not receive the {mail} mail, why?',
      'The {mail} mail is not received',
      'Why is the {mail} mail never received?',
    ],
    answer:
      'The {mail} mail comes from no-reply@ledgerly.example within a minute. Look in the spam folder, then ask your administrator to allow the sender. After five tries the address is blocked for an hour.',
    cases: values('mail', 'password reset', 'invitation', 'verification', 'security alert', 'sign-in code'),
  },
  {
    topic: 'sso',
    questions: [
      'How do I set up single sign-on with {provider} over {protocol}?',
      'How can I set up {protocol} single sign-on with {provider}?',
      'Set up single sign-on with {provider} over {protocol}',
    ],
    answer:
      'Settings > Security > Single sign-on > {provider}. Copy the two addresses into {provider} as a {protocol} application, paste its metadata back and test with one user before switching it on for everybody.',
    cases: cross(providers, values('protocol', 'SAML', 'OpenID Connect')),
  },
  {
    topic: 'users',
    questions: [
      'How do I give a user the role of {role} in my workspace?',
      'How can I give a user the {role} role in the workspace?',
      'Give user role of {role} in workspace',
      'Please help me give a user the role of {role} in our workspace',
    ],
    answer:
      'Settings > Users, choose the person and set the role to {role}. The rights apply at the next page the person opens; the change is in the audit log.',
    cases: roles,
  },
  {
    topic: 'users',
    questions: [
      'What can a user with the role of {role} see and change?',
      'What can users with the {role} role see and change?',
      'What the role of {role} can see and change',
    ],
    answer:
      'A user with the role of {role} sees and changes what the table under Settings > Users > Roles says. Own roles can be made on Business and Enterprise.',
    outdated: 'The role of {role} is fixed and cannot be changed; own roles are not available.',
    cases: roles,
  },
  {
    topic: 'users',
    questions: [
      'How do I invite {count} users to my workspace at once?',
      'How can I invite {count} users at once to the workspace?',
      'Invite {count} users to workspace at once',
    ],
    answer:
      'Settings > Users > Invite takes a list of addresses: paste all {count}, choose a role and send. Invitations are valid for 14 days and can be sent again.',
    outdated:
      'Users are invited one by one under Settings > Users; inviting {count} at once is not possible. Invitations are valid for 3 days.',
    cases: values('count', '5', '20', '50', '100', '250'),
  },
  {
    topic: 'users',
    questions: [
      'What happens to the {thing} of a user that I delete?',
      "What happens to a user's {thing} when I delete the user?",
      'What happens to {thing} of deleted user',
    ],
    answer:
      'When you delete a user, the {thing} stay in the workspace and are handed to the owner. The name is kept in the history for 10 years, as the law asks.',
    cases: values('thing', 'invoices', 'drafts', 'time entries', 'API keys', 'comments', 'expenses'),
  },
  {
    topic: 'ownership',
    questions: [
      'How do I transfer the ownership of the workspace from {from} to {to}?',
      'How can I transfer workspace ownership from {from} to {to}?',
      'Transfer ownership of workspace from {from} to {to}',
    ],
    answer:
      'The present owner, {from}, opens Settings > Workspace > Transfer and chooses {to}, who has to confirm by mail within 48 hours. From then on only {to} can cancel the plan.',
    cases: [
      { from: 'my co-founder', to: 'me' },
      { from: 'me', to: 'my co-founder' },
      { from: 'the agency', to: 'our company' },
      { from: 'our company', to: 'the agency' },
      { from: 'a former employee', to: 'the office manager' },
      { from: 'the office manager', to: 'the finance director' },
      { from: 'the finance director', to: 'the office manager' },
    ],
  },
  {
    topic: 'data',
    questions: [
      'How long do you keep {data} after I close my account?',
      'How long is {data} kept after I close my account?',
      'How long {data} is kept after closing the account',
    ],
    answer:
      'After an account is closed, {data} is kept for 90 days and then deleted from the live systems; backups follow 35 days later. Documents that the law wants kept can be ordered as an archive before.',
    outdated: 'After an account is closed, {data} is kept for 30 days and cannot be recovered after that.',
    cases: values('data', 'invoice data', 'customer data', 'payment data', 'login history', 'uploaded receipts', 'chat history'),
  },
  {
    topic: 'data',
    questions: [
      'In which region is the data of a {plan} workspace stored, can I choose {region}?',
      'Can I choose {region} as the region where data of a {plan} workspace is stored?',
      'Choose {region} as region where {plan} workspace data is stored',
    ],
    answer:
      'A {plan} workspace is stored where it was made: {region} can be chosen at the start and, on Business and Enterprise, changed later by support. Backups stay in the same region.',
    cases: cross(values('plan', 'Team', 'Business', 'Enterprise'), values('region', 'Frankfurt', 'Dublin', 'Virginia', 'Sydney')),
  },
  {
    topic: 'security',
    questions: [
      'How do I revoke an API key that was {how}?',
      'How can I revoke an API key which was {how}?',
      'Revoke API key that was {how}',
    ],
    answer:
      'Settings > API > Keys > Revoke works at once, also for a key that was {how}. Look into the audit log for calls you do not know, and make a new key with the least rights that do.',
    cases: values('how', 'leaked on GitHub', 'sent by mail', 'made by a former employee', 'not used for a year', 'stored in a browser'),
  },
  {
    topic: 'security',
    questions: [
      'How do I sign out of all sessions on my {device}?',
      'How can I sign out all sessions on my {device}?',
      'Sign out of all sessions on {device}',
    ],
    answer:
      'Profile > Security > Sessions lists every sign-in, the {device} included. Sign out all ends them within a minute; offline copies on a {device} are wiped when it connects again.',
    cases: devices,
  },
  {
    topic: 'profile',
    questions: [
      'How do I change the {field} of my Ledgerly profile?',
      'How can I change my {field} in the Ledgerly profile?',
      'Change {field} of Ledgerly profile',
      'I need to change the {field} of my profile in Ledgerly',
    ],
    answer: 'Profile > Personal > {field}. The change is visible to your colleagues at once; a new mail address has to be confirmed first.',
    cases: values('field', 'mail address', 'display name', 'language', 'time zone', 'phone number', 'profile picture', 'signature'),
  },
  {
    topic: 'audit',
    questions: [
      'Who {action} in the last {days} days, where do I see that in the audit log?',
      'Where do I see in the audit log who {action} in the last {days} days?',
      'Audit log: who {action} in the last {days} days',
    ],
    answer:
      'Settings > Security > Audit log, filter by event and by the last {days} days; who {action} is one of the built-in filters. The log goes back 400 days on Enterprise and 90 days on other plans.',
    cases: cross(values('action', 'deleted an invoice', 'changed bank details', 'exported customers'), values('days', '7', '30', '90')),
  },
]
