import type { LabelQueue } from '../../../shared/contract/thresholds.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import type { LabSettings } from '../../lib/thresholds-search.ts'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { formatShare, promiseInWords } from './threshold-words.ts'

/** How far the labels have come towards what is to be promised, and how they spread over similarities. */
export function LabelProgress({ queue, settings }: { queue: LabelQueue; settings: LabSettings }) {
  const { labelled, skipped, population, least, more, bands, uncovered, statement } = queue
  const wanted = more === null ? null : labelled + more
  const most = Math.max(1, ...bands.map((band) => band.quota), ...bands.map((band) => band.labelled))
  return (
    <section aria-label="Progress of the labels" className="flex flex-col gap-3 text-small text-ink-muted">
      <div className="flex flex-col gap-1.5">
        <p className="text-body text-ink">
          {formatQuantity(labelled, 'label')}
          {wanted !== null && ` of about ${formatCount(wanted)}`}
        </p>
        <ProgressBar label={`Labels for: ${promiseInWords(settings.guarantee)}`} done={labelled} total={wanted ?? Math.max(1, labelled)} />
        <p>{statement}</p>
        <p>
          {least !== null && `Without an error it takes ${formatCount(least)}. `}
          {formatQuantity(population, 'lookup')} could be labelled{skipped > 0 && `, ${formatCount(skipped)} were skipped`}.
          {uncovered > 0 && labelled > 0 && ` ${formatShare(uncovered)} lie in bands without a label yet; estimates say nothing of them.`}
        </p>
      </div>
      {bands.length > 0 && (
        <div role="region" aria-label="Bands of similarity" tabIndex={0} className="max-h-72 overflow-y-auto rounded-sm">
          <table className="w-full" aria-label="Labels by band of similarity">
            <thead>
              <tr className="text-left">
                <th scope="col" className="font-normal">
                  Similarity
                </th>
                <th scope="col" className="w-full pl-3 font-normal">
                  Labels of the quota
                </th>
              </tr>
            </thead>
            <tbody>
              {bands.toReversed().map((band) => (
                <tr key={band.from}>
                  <td className="numeric whitespace-nowrap">
                    {band.from >= 1 ? '1.00' : `${band.from.toFixed(2)} to ${band.to.toFixed(2)}`}
                  </td>
                  {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- its text is the number */}
                  <td className="pl-3">
                    <span className="flex items-center gap-2">
                      <span className="relative h-1.5 min-w-0 flex-1 rounded-sm">
                        <span
                          className="absolute inset-y-0 left-0 rounded-sm bg-pressed"
                          style={{ width: `${(100 * band.quota) / most}%` }}
                        />
                        <span
                          className="absolute inset-y-0 left-0 rounded-sm bg-accent-solid"
                          style={{ width: `${(100 * band.labelled) / most}%` }}
                        />
                      </span>
                      <span className="numeric w-14 text-right" title={`${formatQuantity(band.population, 'lookup')} in the band`}>
                        {formatCount(band.labelled)}/{formatCount(band.quota)}
                      </span>
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
