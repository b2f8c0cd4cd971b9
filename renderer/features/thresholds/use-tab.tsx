import { useState } from 'react'
import { thresholdUnits, type UnitId } from '../../../shared/domain/thresholds/units.ts'
import { useClient } from '../../lib/client-context.tsx'
import { toastError } from '../../lib/toast-error.ts'
import { Callout } from '../../ui/callout.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Section } from '../../ui/section.tsx'
import { Select } from '../../ui/select.tsx'
import { Table, TableCell, TableRow } from '../../ui/table.tsx'
import { configurationSnippet } from './configuration-snippet.ts'
import { KeepInMetadata } from './keep-in-metadata.tsx'
import type { LabState } from './lab.tsx'
import { SaveText } from './save-text.tsx'
import { formatThreshold } from './threshold-words.ts'

/** Ways to take the candidate along: in the units of others, as configuration, and as a report. */
export function UseTab({ lab }: { lab: LabState }) {
  const client = useClient()
  const { collection, source, settings, settled, analysis, candidate } = lab
  const [library, setLibrary] = useState<UnitId>('redisvl')
  const units = thresholdUnits(candidate)
  const libraries = units.filter(({ setting }) => setting !== null)
  const chosen = libraries.find(({ unit }) => unit === library) ?? libraries[0]
  const { certified, result } = analysis
  const isPromised = certified.outcome === 'certified' && candidate >= certified.level.threshold - 1e-9
  const report = (format: 'html' | 'json') => (): Promise<{ name: string; text: string } | null> =>
    client
      .call('thresholds.report', {
        ...collection,
        source,
        embedderId: null,
        settings: { ...settings, present: settled.present, candidate },
        threshold: candidate,
        format,
      })
      .catch((error: unknown) => {
        toastError(error)
        return null
      })
  return (
    <div className="flex flex-col gap-6">
      {!isPromised && (
        <Callout
          severity="warning"
          title={
            certified.outcome === 'certified'
              ? `${formatThreshold(candidate)} is looser than ${formatThreshold(certified.level.threshold)}, the loosest that is certified: no promise comes with it.`
              : `No promise comes with ${formatThreshold(candidate)}. ${result.statement}`
          }
        />
      )}
      <Section title={`${formatThreshold(candidate)} in other units`} note="Each is the same threshold.">
        <Table
          label="The threshold in other units"
          columns={[{ name: 'Unit or library' }, { name: 'A hit is' }, { name: 'Value', align: 'end' }, { name: 'What to mind' }]}
        >
          {units.map(({ unit, label, hit, value, warning }) => (
            <TableRow key={unit}>
              <TableCell className="whitespace-nowrap">{label}</TableCell>
              <TableCell className="whitespace-nowrap text-ink-muted">{hit}</TableCell>
              <TableCell align="end">
                <span className="inline-flex items-center gap-1">
                  {value}
                  <CopyButton text={String(value)} label={`Copy: ${label}`} />
                </span>
              </TableCell>
              <TableCell className="text-small text-ink-muted">{warning}</TableCell>
            </TableRow>
          ))}
        </Table>
      </Section>
      {chosen && (
        <Section
          title="As configuration"
          action={
            <Select
              size="small"
              label="For which library"
              value={chosen.unit}
              onValueChange={setLibrary}
              options={libraries.map(({ unit, label }) => ({ value: unit, label }))}
            />
          }
        >
          <CodeBlock label={`Configuration of ${chosen.label}`} text={configurationSnippet(chosen, candidate, analysis)} />
        </Section>
      )}
      <KeepInMetadata collection={collection} threshold={candidate} />
      <Section title="Report" note="What stands behind the threshold: labels, bound, confidence, embedder, figures, units.">
        <div className="flex flex-wrap gap-6">
          <SaveText what="the report as HTML" load={report('html')} type="text/html" />
          <SaveText what="the report as JSON" load={report('json')} type="application/json" />
        </div>
      </Section>
    </div>
  )
}
