import { CopyButton } from './copy-button.tsx'
import { cx } from './cx.ts'

/** Text of a program or a document of JSON, to read and to copy. */
export function CodeBlock({ label, text, className }: { label: string; text: string; className?: string }) {
  return (
    <div className={cx('group relative min-w-0', className)}>
      <pre
        aria-label={label}
        role="region"
        tabIndex={0}
        className="max-h-80 overflow-auto rounded-md border border-line bg-sunken p-3 font-mono text-small whitespace-pre-wrap text-ink wrap-anywhere"
      >
        {text}
      </pre>
      <CopyButton
        text={text}
        label={`Copy: ${label}`}
        className="absolute top-1.5 right-1.5 bg-sunken opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
      />
    </div>
  )
}
