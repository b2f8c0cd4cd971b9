/** Somebody who talks to the assistant, and what it can learn from that. */
export interface Person {
  readonly name: string
  readonly company: string
  readonly city: string
  readonly trade: string
  readonly plan: string
  readonly users: number
  readonly tool: string
  readonly format: string
  readonly role: string
  readonly language: string
  readonly channel: string
}

const rows = [
  'Amira Haddad|Haddad Interiors|Lyon|interior design|Team|8|Shopify|Excel|owner|French|web',
  'Jonas Lindqvist|Fjord Kajak|Bergen|boat rental|Starter|3|Stripe|CSV|owner|Norwegian|mobile',
  'Priya Raman|Lotus Analytics|Dublin|market research|Business|42|HubSpot|JSON|finance manager|English|web',
  'Mateo García|Panadería del Sol|Valencia|bakery|Starter|4|Zapier|PDF|bookkeeper|Spanish|mobile',
  'Hannah Vogel|Vogel & Partner|Hamburg|tax advice|Business|27|Microsoft Teams|Excel|partner|German|web',
  'Chen Wei|Blue Heron Trading|Toronto|import of tea|Team|12|QuickBooks|CSV|operations lead|English|web',
  'Olivia Murphy|Northside Physio|Cork|physiotherapy|Starter|5|Google Drive|PDF|practice manager|English|mobile',
  'Lukas Steiner|Alpenholz|Bern|carpentry|Team|14|Xero|Excel|owner|German|web',
  'Fatima Zahra El Idrissi|Atlas Textiles|Marseille|textiles|Business|36|Salesforce|CSV|controller|French|web',
  'Tom Becker|Becker IT|Leipzig|IT services|Team|9|Slack|JSON|developer|German|api',
  'Sofia Rossi|Studio Rossi|Zürich|architecture|Team|11|Google Drive|PDF|office manager|Italian|web',
  'Daniel Okafor|Brightline Media|Manchester|film production|Business|31|Slack|Excel|producer|English|web',
  'Ingrid Solheim|Solheim Bok|Oslo|bookshop|Starter|2|Shopify|CSV|owner|Norwegian|mobile',
  'Pierre Lambert|Lambert Paysages|Nantes|gardening|Team|16|Stripe|PDF|foreman|French|mobile',
  'Maya Cohen|Kite Education|Melbourne|language school|Business|24|HubSpot|Excel|administrator|English|web',
  'Andrzej Nowak|Nowak Transport|Berlin|haulage|Enterprise|118|Salesforce|CSV|fleet manager|Polish|web',
  'Grace Thompson|Harbour Vets|Halifax|veterinary practice|Team|13|QuickBooks|PDF|receptionist|English|web',
  'Yuki Tanaka|Tanaka Ceramics|Sydney|ceramics|Starter|2|Shopify|CSV|owner|Japanese|mobile',
  'Elena Petrova|Petrova Legal|Madrid|law firm|Business|22|Microsoft Teams|PDF|associate|Spanish|web',
  'Samuel Osei|Osei Solar|Birmingham|solar panels|Team|17|Xero|Excel|project manager|English|mobile',
  'Camille Dubois|Atelier Camille|Geneva|jewellery|Starter|3|Stripe|PDF|owner|French|mobile',
  'Robert Fischer|Fischer Werkzeuge|Stuttgart|tool making|Enterprise|205|Salesforce|JSON|head of accounting|German|api',
  'Noor Al-Sayed|Crescent Events|Perth|event planning|Team|10|Zapier|Excel|planner|English|web',
  'Björn Eriksson|Eriksson Bygg|Trondheim|construction|Business|58|Google Drive|CSV|site manager|Norwegian|web',
]

export const people: readonly Person[] = rows.map((line) => {
  const [
    name = '',
    company = '',
    city = '',
    trade = '',
    plan = '',
    users = '',
    tool = '',
    format = '',
    role = '',
    language = '',
    channel = '',
  ] = line.split('|')
  return { name, company, city, trade, plan, users: Number(users), tool, format, role, language, channel }
})
