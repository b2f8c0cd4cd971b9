/** What makes two texts mean different things although they read alike. */
export type TokenMark = 'negation' | 'number' | 'unit' | 'name'

/** English, German, French, Spanish, Italian, Portuguese and Dutch. */
const negations = new Set(
  `not no never none nothing nobody nowhere neither nor cannot without except unless
   don't doesn't didn't won't wouldn't can't couldn't shouldn't isn't aren't wasn't weren't haven't hasn't hadn't mustn't needn't
   dont doesnt didnt wont wouldnt cant couldnt shouldnt isnt arent wasnt werent
   nicht kein keine keinen keinem keiner keines nie niemals nichts niemand ohne weder
   ne pas jamais sans aucun aucune rien personne ni
   nunca jamás sin ningún ninguno ninguna nada nadie tampoco
   non mai senza nessun nessuno nessuna niente né
   não sem nenhum nenhuma nem
   niet geen nooit zonder niets niemand noch`
    .split(/\s+/)
    .filter((word) => word !== ''),
)
const negationCharacters = new Set('不没沒無无非未勿别別')

const units = new Set(
  `% ° €  $ £ ¥ ₹ ¢
   ms s sec secs second seconds min mins minute minutes h hr hrs hour hours day days week weeks month months quarter quarters year years
   b kb mb gb tb kib mib gib tib byte bytes bit bits kbit mbit gbit
   mm cm m km in inch inches ft foot feet yd mile miles
   mg g kg t lb lbs oz ml cl l liter liters litre litres
   c f k celsius fahrenheit kelvin w kw kwh mwh v a hz khz mhz ghz
   usd eur gbp chf jpy inr cad aud dollar dollars euro euros pound pounds cent cents
   percent px pt em rem dpi fps rpm user users seat seats
   tag tage tagen woche wochen monat monate monaten jahr jahre jahren stunde stunden sekunde sekunden prozent
   jour jours semaine semaines mois an ans heure heures seconde secondes
   día días semana semanas mes meses año años hora horas`
    .split(/\s+/)
    .filter((word) => word !== ''),
)
/** These stand for a unit wherever they are, not only behind a number. */
const unitSigns = new Set('%°€$£¥₹¢')

const numberWords = new Set(
  `zero one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty ninety
   hundred thousand million billion dozen half double twice first second third`.split(/\s+/),
)

export function isNumberText(text: string): boolean {
  return /^[+-]?\p{N}/u.test(text)
}

function isSentenceStart(before: string | null): boolean {
  return before === null || /^[.!?:;。！？\n"“«(*-]+$/u.test(before)
}

/**
 * What kind of word a token is, as far as its letters and neighbours tell; null for an ordinary one.
 * A capitalised word counts as a name unless it begins a sentence; in German, so do nouns.
 * @param before the token before it, null at the start of the text
 * @param after the token behind it, null at the end
 */
export function markOf(token: string, before: string | null, after: string | null): TokenMark | null {
  const word = token.toLowerCase().replaceAll('’', "'")
  if (isNumberText(token)) return 'number'
  if (unitSigns.has(token) || (units.has(word) && before !== null && (isNumberText(before) || numberWords.has(before.toLowerCase()))))
    return 'unit'
  if (negations.has(word) || negationCharacters.has(token)) return 'negation'
  if (numberWords.has(word) && (word !== 'second' || after === null || !units.has(after))) return 'number'
  const isAcronym = /^\p{Lu}[\p{Lu}\p{N}&.-]+$/u.test(token)
  const isMixed = /\p{Ll}\p{Lu}|\p{L}\p{N}/u.test(token)
  const isCapitalised = /^\p{Lu}/u.test(token) && token !== 'I' && !/^I['’]/.test(token)
  return isAcronym || isMixed || (isCapitalised && !isSentenceStart(before)) ? 'name' : null
}
