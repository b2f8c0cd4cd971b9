import Markdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { visibleString } from '../../lib/visible-text.ts'

/**
 * Links and images of a stored text are shown, never followed or loaded: opening a record must not send a request.
 */
const components: Components = {
  a: ({ href, children }) => (
    <span className="text-ink underline decoration-line-strong decoration-dotted" title={href}>
      {children}
      {href !== undefined && href !== String(children) && <span className="numeric text-ink-faint"> ({href})</span>}
    </span>
  ),
  img: ({ src, alt }) => (
    <span className="rounded-sm bg-sunken px-1 text-small text-ink-muted">
      image{alt ? ` “${alt}”` : ''}: {typeof src === 'string' ? src : 'no address'}
    </span>
  ),
  input: ({ checked }) => <span aria-label={checked === true ? 'done' : 'not done'}>{checked === true ? '☑ ' : '☐ '}</span>,
  h1: ({ children }) => <h4 className="mt-4 mb-1 text-title font-strong first:mt-0">{children}</h4>,
  h2: ({ children }) => <h4 className="mt-4 mb-1 text-title font-strong first:mt-0">{children}</h4>,
  h3: ({ children }) => <h5 className="mt-3 mb-1 font-strong first:mt-0">{children}</h5>,
  h4: ({ children }) => <h6 className="mt-3 mb-1 font-strong first:mt-0">{children}</h6>,
  h5: ({ children }) => <h6 className="mt-3 mb-1 font-strong first:mt-0">{children}</h6>,
  h6: ({ children }) => <h6 className="mt-3 mb-1 font-strong first:mt-0">{children}</h6>,
  p: ({ children }) => <p className="my-2 first:mt-0 last:mb-0">{children}</p>,
  ul: ({ children }) => <ul className="my-2 list-disc pl-5">{children}</ul>,
  ol: ({ children, start }) => (
    <ol start={start} className="my-2 list-decimal pl-5">
      {children}
    </ol>
  ),
  blockquote: ({ children }) => <blockquote className="my-2 border-l-2 border-line-strong pl-3 text-ink-muted">{children}</blockquote>,
  code: ({ children }) => <code className="rounded-sm bg-sunken px-1 font-mono text-small">{children}</code>,
  pre: ({ children }) => (
    <pre className="my-2 overflow-x-auto rounded-md border border-line bg-sunken p-2 text-small [&_code]:bg-transparent [&_code]:p-0">
      {children}
    </pre>
  ),
  table: ({ children }) => (
    <div className="my-2 overflow-x-auto">
      <table className="border-collapse text-small">{children}</table>
    </div>
  ),
  th: ({ children }) => <th className="border border-line px-2 py-1 text-left font-strong">{children}</th>,
  td: ({ children }) => <td className="border border-line px-2 py-1 align-top">{children}</td>,
  hr: () => <hr className="my-3 border-line" />,
}

/** A stored text as Markdown; HTML in it stays text. */
export function MarkdownText({ text }: { text: string }) {
  return (
    <div className="wrap-anywhere [unicode-bidi:isolate]" dir="auto" data-selectable="">
      <Markdown remarkPlugins={[remarkGfm]} components={components} urlTransform={(url) => url}>
        {visibleString(text, true)}
      </Markdown>
    </div>
  )
}
