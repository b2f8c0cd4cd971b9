import { useState, type ReactNode } from 'react'
import { Button } from './button.tsx'

interface ShowMoreProps<Item> {
  readonly items: readonly Item[]
  /** How many are drawn before anybody asks for more. */
  readonly first: number
  /** What the button says, given how many there are. */
  readonly label: (total: number) => string
  readonly children: (shown: readonly Item[]) => ReactNode
}

/** The beginning of a list of any length, and a button that draws five times as much of it. */
export function ShowMore<Item>({ items, first, label, children }: ShowMoreProps<Item>) {
  const [limit, setLimit] = useState(first)
  return (
    <>
      {children(items.length > limit ? items.slice(0, limit) : items)}
      {items.length > limit && (
        <Button size="small" className="mt-2 self-start" onClick={() => setLimit(limit * 5)}>
          {label(items.length)}
        </Button>
      )}
    </>
  )
}
