import { cross, fill, values } from './intent.ts'

/** Questions that customers ask and that no cached entry answers. */
export const novelQuestions: Readonly<Record<'billing' | 'product' | 'account', readonly string[]>> = {
  billing: [
    'Our purchasing department asks for your bank certificate and a signed W-9, can you send both?',
    'The amount on our statement says LDGRLY BV 412.80, what was that for?',
    'Could you split one subscription over two cost centres?',
    'We paid twice because the first transfer had no reference, what now?',
    'Which exchange rate do you use when our bank converts the charge?',
    'Can a reseller pay for the licences of several clients?',
    'My accountant wants all receipts since 2023 in one archive',
    'Does the price go up next year?',
    'Is there a price for seasonal workers who only sign in from May to September?',
    'Why does the invoice show the old company address?',
    ...cross(values('n', '3', '12', '40'), values('thing', 'branches', 'restaurants', 'holiday flats')).map((slots) =>
      fill('We run {n} {thing}, do we need one subscription for each of them?', slots),
    ),
  ],
  product: [
    'The numbers in the dashboard differ from those in the PDF by two cents',
    'Can Ledgerly read a photo of a handwritten delivery note?',
    'Is there a way to lock the books of a closed year?',
    'My customer wants the invoice in Welsh and English side by side',
    'Does the scheduler know public holidays in Bavaria?',
    'After the update the sidebar is empty in Firefox',
    'How are reverse charge lines shown in Peppol documents?',
    'Barcode scanner types the number twice into the product field',
    'Could the assistant write the cover letter for a quote?',
    'We moved warehouses and all stock levels are now negative',
    ...cross(
      values('browser', 'Safari', 'Edge', 'Brave'),
      values('what', 'drag and drop', 'printing labels', 'the keyboard shortcuts'),
    ).map((slots) => fill('Since this morning {what} stopped in {browser}', slots)),
  ],
  account: [
    'A colleague died, how do we take over what he had open with respect to the family?',
    'Our domain was bought by another company, what becomes of the logins?',
    'Can I have two profiles under one mail address?',
    'Is there a log of who looked at a salary document?',
    'The captcha shows pictures that never load',
    'Please delete everything you know about me according to article 17',
    'My screen reader does not announce the code field',
    'Do you have a SOC 2 report that we can hand to our auditor?',
    'How strong must passwords be and can we forbid old ones?',
    'An intern opened a phishing mail that looked like yours',
    ...cross(values('place', 'Brazil', 'China', 'Türkiye'), values('what', 'code by text message', 'map of sign-ins', 'phone call')).map(
      (slots) => fill('From {place} the {what} does not reach me', slots),
    ),
  ],
}
