import { useLayoutEffect, useRef, type ComponentProps } from 'react'
import { cx } from './cx.ts'

export interface GrowingTextAreaProps extends Omit<ComponentProps<'textarea'>, 'onChange' | 'value' | 'defaultValue' | 'rows' | 'ref'> {
  value: string
  onValueChange: (value: string) => void
  /** Height in lines, at least and at most; beyond it the text scrolls. */
  lines?: readonly [least: number, most: number]
  invalid?: boolean
}

const lineHeight = 20
const edges = 8

/** A text that is as high as its lines. Give it a label by `aria-label`. */
export function GrowingTextArea({ value, onValueChange, lines = [1, 12], invalid = false, className, ...rest }: GrowingTextAreaProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  const [least, most] = lines
  useLayoutEffect(() => {
    const element = area.current
    if (element === null) return
    element.style.height = '0'
    const wanted = element.scrollHeight + 2
    element.style.height = `${Math.min(most * lineHeight + edges, Math.max(least * lineHeight + edges, wanted))}px`
  }, [value, least, most])
  return (
    <textarea
      ref={area}
      value={value}
      onChange={(event) => onValueChange(event.target.value)}
      aria-invalid={invalid || undefined}
      spellCheck={false}
      dir="auto"
      className={cx(
        'block w-full min-w-0 resize-none rounded-md border bg-canvas px-2 py-[3px] text-body leading-5 text-ink transition-colors focus-visible:border-accent focus-visible:-outline-offset-1',
        invalid ? 'border-wrong' : 'border-line-strong',
        className,
      )}
      {...rest}
    />
  )
}
