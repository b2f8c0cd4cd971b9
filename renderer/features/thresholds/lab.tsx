import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, memo, Suspense, useCallback, useDeferredValue, useMemo } from 'react'
import { assumedThreshold } from '../../../shared/contract/lookup-logs.ts'
import { collectionSubject } from '../../../shared/contract/jobs.ts'
import type { Evidence } from '../../../shared/domain/thresholds/evidence.ts'
import { partOf, type ThresholdAnalysis } from '../../../shared/domain/thresholds/analyse.ts'
import { meanCallCost } from '../../../shared/domain/thresholds/call-cost.ts'
import type { EvidenceRef, ThresholdSettings } from '../../../shared/domain/thresholds/experiment.ts'
import { thresholdFlips } from '../../../shared/domain/thresholds/flips.ts'
import { weakLabelBias } from '../../../shared/domain/thresholds/weak-labels.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatQuantity } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import {
  labSettingsOf,
  searchOfLabSettings,
  type LabSettings,
  type ThresholdsSearch,
  type ThresholdsTab,
  evidenceWord,
} from '../../lib/thresholds-search.ts'
import { useThreshold } from '../../lib/use-threshold.ts'
import { WorkProgress } from '../../lib/work-progress.tsx'
import { Callout } from '../../ui/callout.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { tabClass } from '../../ui/tab-style.ts'
import { EntriesTab } from './entries-tab.tsx'
import { ExperimentsTab } from './experiments-tab.tsx'
import { figuresOf } from './figures.ts'
import { FlipsTab } from './flips-tab.tsx'
import { GroupsTab } from './groups-tab.tsx'
import { HardNegativesTab } from './hard-negatives-tab.tsx'
import { LabelTab } from './label-tab.tsx'
import { NoEvidence } from './no-evidence.tsx'
import { SettingsBar } from './settings-bar.tsx'
import { StatementHeader } from './statement-header.tsx'
import type { ThresholdsViewProps } from './thresholds-view.tsx'
import { useAnalysis, useAnalyst, type Analyst } from './use-analysis.ts'
import { UseTab } from './use-tab.tsx'
import { isConsentNeeded, SendingQuestion } from './sending-question.tsx'

const CurvesTab = lazy(() => import('./curves-tab.tsx').then((tab) => ({ default: tab.CurvesTab })))

const tabs: readonly { tab: ThresholdsTab; label: string }[] = [
  { tab: 'curves', label: 'Charts' },
  { tab: 'label', label: 'Label' },
  { tab: 'flips', label: 'What flips' },
  { tab: 'groups', label: 'Namespaces' },
  { tab: 'entries', label: 'Entries' },
  { tab: 'hard', label: 'Hard negatives' },
  { tab: 'use', label: 'Use it' },
  { tab: 'experiments', label: 'Experiments' },
]

export interface LabProps extends ThresholdsViewProps {
  source: EvidenceRef
}

/** What a tab of the lab is about. */
export interface LabState extends Pick<LabProps, 'collection' | 'source' | 'onOpen'> {
  analyst: Analyst
  analysis: ThresholdAnalysis
  evidence: Evidence
  /** Version of the evidence, which names its rows. */
  version: string
  settings: LabSettings
  present: number
  candidate: number
  /** Both of them, where the candidate came to rest. */
  settled: ThresholdSettings
  onCandidate: (threshold: number) => void
}

/** A threshold that the address and the settings of lookups can hold. */
function writable(threshold: number): number {
  return Math.min(1, Math.max(-1, Number(threshold.toFixed(6))))
}

const LabTabs = memo(function LabTabs({ tab }: { tab: ThresholdsTab }) {
  return (
    <nav aria-label="Parts of the lab" className="sticky top-0 z-30 flex flex-wrap border-b border-line bg-canvas px-2">
      {tabs.map((item) => (
        <Link
          key={item.tab}
          to="."
          search={(former: ThresholdsSearch) => ({ ...former, tab: item.tab === 'curves' ? undefined : item.tab })}
          aria-current={item.tab === tab ? 'true' : undefined}
          data-active={item.tab === tab ? '' : undefined}
          className={tabClass}
        >
          {item.label}
        </Link>
      ))}
    </nav>
  )
})

/** The statistics of one evidence. */
export function Lab({ collection, source, search, onSearchChange, onOpen }: LabProps) {
  const client = useClient()
  const { data, error, refetch, isFetching } = useQuery({
    ...client.query('thresholds.evidence', { ...collection, source, embedderId: null, groupBy: search.per ?? null }),
    placeholderData: keepPreviousData,
  })
  const word = evidenceWord(source)
  const { of, bound, confidence, beta, hit, wrong, lookup, calls, labels, exact, per, group } = search
  const whole = data?.evidence
  const [settings, meanCall] = useMemo(() => {
    const asked = { of, bound, confidence, beta, hit, wrong, lookup, calls, labels, exact, per, group }
    const tells = whole !== undefined && meanCallCost(whole) !== null
    const mean = tells ? meanCallCost(partOf(whole, labSettingsOf(asked, word)).evidence) : null
    return [labSettingsOf(asked, word, mean), mean] as const
  }, [of, bound, confidence, beta, hit, wrong, lookup, calls, labels, exact, per, group, word, whole])
  const { threshold, settled, setThreshold } = useThreshold(collection)
  const analyst = useAnalyst(data?.evidence)
  const answer = useAnalysis(analyst, 'analysis', settings)
  const analysis = answer.data?.analysis ?? null
  // A step of the threshold draws anew only what shows it.
  const changeSettings = useCallback(
    (next: LabSettings) => onSearchChange({ ...search, ...searchOfLabSettings(next, word, meanCall) }),
    [search, onSearchChange, word, meanCall],
  )
  const changePresent = useCallback(
    (next: number) => onSearchChange({ ...search, present: String(writable(next)) }),
    [search, onSearchChange],
  )
  const onCandidate = useCallback((next: number) => setThreshold(writable(next)), [setThreshold])
  const at = useMemo(() => (analysis === null ? null : figuresOf(analysis, settings)), [analysis, settings])
  const present = search.present === undefined ? writable(data?.present ?? assumedThreshold) : Number(search.present)
  const candidate = threshold ?? present
  // Flips follow the threshold when there is time: the lines come first.
  const flipping = useDeferredValue(candidate)
  const flips = useMemo(() => (analysis === null ? null : thresholdFlips(analysis.part, present, flipping)), [analysis, present, flipping])

  if (isConsentNeeded(error) && data === undefined) {
    return <SendingQuestion collection={collection} error={error} onAllowed={() => void refetch()} />
  }
  if (error !== null && data === undefined) return <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
  if (data !== undefined && data.evidence.similarity.length === 0) return <NoEvidence source={source} leftOut={data.leftOut} />
  if (answer.error !== null) return <QueryError error={answer.error} />
  if (data === undefined || analysis === null || at === null || flips === null || analyst === null) {
    return (
      <>
        {data === undefined && (
          <WorkProgress method="thresholds.evidence" subject={collectionSubject(collection)} onCancel={() => undefined} />
        )}
        <div aria-busy="true">
          <SkeletonLines count={10} className="p-4" />
        </div>
      </>
    )
  }
  const tab = search.tab ?? 'curves'
  const state: LabState = {
    collection,
    source,
    onOpen,
    analyst,
    analysis,
    evidence: data.evidence,
    version: data.version,
    settings,
    present,
    candidate,
    settled: { ...settings, present, candidate: settled ?? present },
    onCandidate,
  }
  const count = (lists: readonly Int32Array[]): number => lists.reduce((sum, list) => sum + list.length, 0)
  const notes = [
    // This one stands in the head, where such labels count.
    ...data.notes.filter((note) => note !== weakLabelBias),
    ...(data.leftOut > 0
      ? [`${formatQuantity(data.leftOut, 'row')} without a similarity ${data.leftOut === 1 ? 'is' : 'are'} left out.`]
      : []),
    ...(data.embedder === null ? [] : [`Similarities that the source does not tell were calculated with ${data.embedder.title}.`]),
  ]
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <StatementHeader
        analysis={analysis}
        settings={settings}
        present={at(present)}
        candidate={at(candidate)}
        gained={count([flips.gainedRight, flips.gainedWrong, flips.gainedUnknown])}
        lost={count([flips.lostRight, flips.lostWrong, flips.lostUnknown])}
        onCandidate={onCandidate}
        onLabel={() => onSearchChange({ ...search, tab: 'label' })}
      />
      <SettingsBar
        settings={settings}
        onSettings={changeSettings}
        tellsCalls={meanCall !== null}
        groups={data.evidence.groups}
        present={present}
        onPresent={changePresent}
        hasExact={data.evidence.exact.includes(1)}
      />
      <LabTabs tab={tab} />
      <div className="flex flex-col gap-4 px-4 py-4">
        {notes.length > 0 && <Callout title={notes.join(' ')} />}
        {tab === 'curves' && (
          <Suspense fallback={<SkeletonLines count={10} />}>
            <CurvesTab analysis={analysis} settings={settings} present={present} candidate={candidate} onCandidate={onCandidate} />
          </Suspense>
        )}
        {tab === 'label' && <LabelTab lab={state} />}
        {tab === 'flips' && <FlipsTab lab={state} flips={flips} />}
        {tab === 'groups' && (
          <GroupsTab
            lab={state}
            onGroup={(next) => onSearchChange({ ...search, group: next ?? undefined, tab: undefined })}
            onGroupBy={(key) => onSearchChange({ ...search, per: key ?? undefined, group: undefined })}
          />
        )}
        {tab === 'entries' && <EntriesTab lab={state} />}
        {tab === 'hard' && <HardNegativesTab lab={state} />}
        {tab === 'use' && <UseTab lab={state} />}
        {tab === 'experiments' && (
          <ExperimentsTab
            lab={state}
            onReopen={(experiment) =>
              onSearchChange({
                ...searchOfLabSettings(experiment.settings, evidenceWord(experiment.evidence)),
                // What is usual for costs depends on evidence that is not there yet.
                hit: String(experiment.settings.costs.hit),
                wrong: String(experiment.settings.costs.wrong),
                calls: experiment.settings.costs.perCall ? undefined : 'same',
                evidence: evidenceWord(experiment.evidence),
                present: String(writable(experiment.settings.present)),
                threshold: String(writable(experiment.settings.candidate)),
                record: search.record,
              })
            }
          />
        )}
      </div>
    </div>
  )
}
