/**
 * Words that tell nothing of what a text is about, in lower case: articles, pronouns, prepositions and auxiliaries of the languages
 * that are met most. Shorter ones than three letters are left out by the reading of words already.
 */
export const stopWords: ReadonlySet<string> = new Set(
  [
    'about after again all also and any are because been before being but can could did does doing for from get gets got had has have having',
    'her here hers him his how into its itself just let may might more most much must not now off once one only other our ours out over own',
    'please same she should some such than that the their them then there these they this those through too under until upon very was were',
    'what when where which while who whom whose why will with within would yes you your yours user assistant',
    'aber alle als auch auf aus bei bin bis das dass dem den der des die diese doch durch ein eine einem einen einer eines für hat ich ihr ihre',
    'ist kann mein mich mir mit nach nicht noch nur oder sein sich sie sind über und uns vom von vor war was wenn wer wie wird wir zum zur',
    'avec aux cette ces comme dans des elle est être les leur mais mes même nous par pas plus pour que quel quelle qui sans ses son sont sur une vous',
    'como con cual cuando del desde donde ella ellos entre esta este está hay las los más muy nos para pero por porque qué ser sin sobre son sus una uno',
  ].flatMap((line) => line.split(' ')),
)
