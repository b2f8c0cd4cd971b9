import { useMemo } from 'react'
import { diffTokens, type DiffToken, type TokenDiff } from '../../shared/domain/token-diff.ts'
import type { TokenMark } from '../../shared/domain/token-marks.ts'
import { visibleString } from '../lib/visible-text.ts'
import { Badge } from './badge.tsx'
import { cx } from './cx.ts'

const words: Record<TokenMark, string> = { negation: 'negation', number: 'number', unit: 'unit', name: 'name' }

/** Characters of each text that are compared: a row shows two lines. */
const most = 600

function Token({ token }: { token: DiffToken }) {
  const text = visibleString(token.text)
  if (token.isSame) return <>{`${token.space === '' ? '' : ' '}${text}`}</>
  return (
    <>
      {token.space === '' ? '' : ' '}
      <ins
        title={token.mark === null ? undefined : `Another ${words[token.mark]}`}
        className={cx(
          'rounded-sm bg-accent-soft text-accent no-underline',
          token.mark !== null && 'font-strong underline decoration-2 underline-offset-2',
        )}
      >
        {text}
      </ins>
    </>
  )
}

/** Words of the query that the text lacks and that change a meaning. */
function Missing({ diff }: { diff: TokenDiff }) {
  const missing = diff.left.filter(({ isSame, mark }) => !isSame && mark !== null).slice(0, 4)
  return missing.map((token, at) => (
    <del key={at} title={`The query has this ${token.mark === null ? 'word' : words[token.mark]}`} className="ml-1.5 text-ink-faint">
      {visibleString(token.text)}
    </del>
  ))
}

/** A text with what tells it apart from the query: other words are marked, those that change a meaning twice. */
export function DiffText({ query, text }: { query: string; text: string }) {
  const diff = useMemo(() => diffTokens(query.slice(0, most), text.slice(0, most)), [query, text])
  return (
    <bdi>
      {diff.right.map((token, at) => (
        <Token key={at} token={token} />
      ))}
      {text.length > most && '…'}
      <Missing diff={diff} />
      {diff.differing.map((mark) => (
        <Badge key={mark} tone="outline" className="ml-1.5 align-text-bottom">
          {words[mark]} differs
        </Badge>
      ))}
    </bdi>
  )
}
