import { cx } from './cx.ts'

const isApple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

const names: Record<string, string> = isApple
  ? {
      mod: '⌘',
      shift: '⇧',
      alt: '⌥',
      enter: '↵',
      escape: 'esc',
      up: '↑',
      down: '↓',
      left: '←',
      right: '→',
      space: 'space',
      backspace: '⌫',
      delete: '⌦',
    }
  : {
      mod: 'Ctrl',
      shift: 'Shift',
      alt: 'Alt',
      enter: '↵',
      escape: 'Esc',
      up: '↑',
      down: '↓',
      left: '←',
      right: '→',
      space: 'Space',
      backspace: 'Bksp',
      delete: 'Del',
    }

/** Keys of a shortcut as people see them on their keyboard: `mod+k` is ⌘ K on a Mac and Ctrl K elsewhere; `g o` is one after the other. */
export function keyNames(shortcut: string): string[] {
  return shortcut
    .split(' ')
    .flatMap((stroke) => (stroke === '+' ? ['+'] : stroke.split('+')))
    .map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))
}

/** The keys of a shortcut. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <kbd className={cx('inline-flex shrink-0 items-center gap-0.5 font-sans text-small text-ink-faint', className)}>
      {keyNames(keys).map((key, place) => (
        <span
          key={place}
          className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border border-line-strong bg-sunken px-1 leading-none"
        >
          {key}
        </span>
      ))}
    </kbd>
  )
}
