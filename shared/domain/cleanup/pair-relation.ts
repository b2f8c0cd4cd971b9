import { answersAgree } from '../thresholds/weak-labels.ts'
import { agreeInMarks, answersFollow, isReordered, isSameQuestion, plainWords } from './same-question.ts'
import type { RecordFacts } from './record-facts.ts'

/** How two records with similar vectors stand to each other. */
export type PairRelation = 'duplicate' | 'conflict' | 'different'

/** Characters that are compared. */
const mostCharacters = 4000

function words(text: string | null): string[] {
  return plainWords((text ?? '').slice(0, mostCharacters))
}

/**
 * Whether one of two similar records can stand for the other. Questions with the same answer can; the same question with another
 * answer is a conflict, and another question with another answer merely looks alike. Records without answers can where they agree
 * in numbers and in what they deny; where they do not, facts contradict each other, and other texts are different ones.
 * @param areFacts whether the collection holds statements that hold until they are replaced
 */
export function pairRelation(left: RecordFacts, right: RecordFacts, areFacts: boolean): PairRelation {
  const [first, second] = [words(left.text), words(right.text)]
  if (left.answer === null && right.answer === null) {
    if (left.text === right.text || (agreeInMarks(first, second) && !isReordered(first, second))) return 'duplicate'
    return areFacts ? 'conflict' : 'different'
  }
  const answers = [words(left.answer), words(right.answer)] as const
  const isSameAnswer =
    left.answer === right.answer ||
    (answersAgree(left.answer?.slice(0, mostCharacters) ?? null, right.answer?.slice(0, mostCharacters) ?? null) === 'right' &&
      agreeInMarks(...answers) &&
      !isReordered(...answers))
  if (isSameAnswer) return agreeInMarks(first, second) && !answersFollow([first, second], answers) ? 'duplicate' : 'different'
  return isSameQuestion(first, second) ? 'conflict' : 'different'
}
