import type { Finding } from '../../../shared/contract/connections.ts'
import { SeverityIcon } from '../../ui/callout.tsx'

const order = { error: 0, warning: 1, info: 2 }

/** What the reader noticed about a store, the gravest first, each with its way out. */
export function FindingsList({ findings, nameOf }: { findings: readonly Finding[]; nameOf?: (collectionId: string) => string | null }) {
  const sorted = findings.toSorted((left, right) => order[left.severity] - order[right.severity])
  return (
    <ul className="flex flex-col divide-y divide-line rounded-md border border-line">
      {sorted.map((finding, place) => {
        const name = finding.collectionId === null ? null : (nameOf?.(finding.collectionId) ?? null)
        return (
          <li key={`${finding.code} ${place}`} className="flex gap-2.5 px-3 py-2">
            <SeverityIcon severity={finding.severity} className="mt-0.5" />
            <div className="min-w-0 flex-1" data-selectable="">
              <p className="wrap-anywhere text-ink">
                {name !== null && <span className="font-strong">{name}: </span>}
                {finding.message}
              </p>
              {finding.remedy !== null && <p className="wrap-anywhere text-ink-muted">{finding.remedy}</p>}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
