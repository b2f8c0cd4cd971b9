import type { CleanupRule, CleanupRuleName, KeeperPolicy } from './rule.ts'

const numbers = new Intl.NumberFormat('en')

const titles: Readonly<Record<CleanupRuleName, string>> = {
  'exact-duplicates': 'Exact duplicates',
  'near-duplicates': 'Near-duplicates',
  conflicts: 'Conflicting answers',
  'same-vectors': 'One vector, several texts',
  expired: 'Expired',
  'older-than': 'Old records',
  'never-hit': 'Never hit',
  empty: 'Empty text',
  short: 'Very short text',
  repeated: 'Repeated text',
  'missing-keys': 'Missing metadata keys',
  'mistyped-keys': 'Metadata of another type',
  'zero-vectors': 'Zero vectors',
  'broken-vectors': 'Vectors that are not finite',
  'missing-vectors': 'Records without a vector',
  'wrong-norm': 'Vectors of another norm',
  outliers: 'Outliers',
  quota: 'Over quota',
}

const keepers: Readonly<Record<KeeperPolicy, string>> = {
  newest: 'the newest',
  oldest: 'the oldest',
  longest: 'the longest',
  'most-hits': 'the one with the most hits',
}

export function ruleTitle(rule: CleanupRuleName): string {
  return titles[rule]
}

function days(count: number): string {
  return `${numbers.format(count)} ${count === 1 ? 'day' : 'days'}`
}

/** A rule with its settings in words without a full stop, for History, reports and previews. */
export function ruleSentence(rule: CleanupRule): string {
  switch (rule.rule) {
    case 'exact-duplicates':
      return `Exact duplicates, keeping ${keepers[rule.keep]}${rule.merge ? ' with the metadata of all' : ''}`
    case 'near-duplicates': {
      const bound = rule.threshold === null ? 'the similarity that the data suggest' : `similarity ${rule.threshold.toFixed(3)}`
      return `Near-duplicates from ${bound}, keeping ${keepers[rule.keep]}${rule.merge ? ' with the metadata of all' : ''}`
    }
    case 'conflicts':
      return 'Conflicting answers that were marked to be removed'
    case 'older-than':
      return `Records older than ${days(rule.days)}`
    case 'never-hit':
      return `Records older than ${days(rule.days)} that were never hit`
    case 'short':
      return `Texts of fewer than ${numbers.format(rule.characters)} characters`
    case 'outliers':
      return `Outliers from a robust z of ${rule.z}`
    case 'quota': {
      const order = rule.evict === 'lru' ? 'the least recently used' : 'the least useful'
      return `At most ${numbers.format(rule.most)} records in a ${rule.by}, removing ${order} first`
    }
    default:
      return titles[rule.rule]
  }
}

/** What a rule finds, why that matters, and what applying it does. */
export function ruleExplanation(rule: CleanupRule): string {
  switch (rule.rule) {
    case 'exact-duplicates':
      return 'The same text but for capitals, spaces and punctuation, with the same answer. One record of each group stays, the others are removed.'
    case 'near-duplicates':
      return 'Nearly the same vector, and nothing in texts or answers that tells the records apart. Every record of a group is within the threshold of the one that stays.'
    case 'conflicts':
      return 'The same question, stored with answers that do not agree, so that chance decides which is given. They are never merged: mark the wrong ones.'
    case 'same-vectors':
      return 'Different texts share one vector to the last bit. The program that stored them may have embedded something else, so nothing is removed here: make their vectors again from their texts.'
    case 'expired':
      return 'Their expiry, or their creation and time to live, has passed. Chroma keeps such records until somebody removes them.'
    case 'older-than':
      return `They were made more than ${days(rule.days)} ago.`
    case 'never-hit':
      return `They were made more than ${days(rule.days)} ago, and no lookup was ever answered with them.`
    case 'empty':
      return 'There is no text in them, or only space, so nothing can be made of a search that finds them.'
    case 'short':
      return `Their text has fewer than ${numbers.format(rule.characters)} characters, so that it hardly says anything.`
    case 'repeated':
      return 'Their text says the same over and over, as a model does that fell into a loop.'
    case 'missing-keys':
      return `They lack a metadata key that at least ${Math.round(rule.share * 100)} % of the records have, so filters on it pass them over. Set a value for them, or leave them as they are.`
    case 'mistyped-keys':
      return 'Their value has another type than the key has elsewhere, so filters on it pass them over. Values that can be converted without loss are, with the preview; or set one value for all, or remove the key.'
    case 'zero-vectors':
      return 'All numbers of the vector are zero: by cosine it is near to nothing, and a search finds it by accident.'
    case 'broken-vectors':
      return 'The vector holds a number that is infinite or none, so no distance to it means anything.'
    case 'missing-vectors':
      return 'No vector can be read for them, so no search finds them.'
    case 'wrong-norm':
      return 'Nearly all vectors have norm 1 and these do not: they may come from another model, or were not normalised. In l2 and ip their distances are off. Bring them to norm 1, make them again from their texts, or leave them where norms carry a meaning.'
    case 'outliers':
      return 'They are much farther from their neighbours than others are. Some are valuable exceptions: look before removing.'
    case 'quota':
      return `Every ${rule.by} keeps at most ${numbers.format(rule.most)} records.`
  }
}
