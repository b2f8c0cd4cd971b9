import { RotateCw } from 'lucide-react'
import { ChangeProgress } from '../../lib/editing/change-progress.tsx'
import { useChange } from '../../lib/editing/use-change.ts'
import { formatQuantity } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'

/** Says that changes were cut off and offers to finish them or take them back. */
export function CutOffCallout({ connectionId, count }: { connectionId: string; count: number }) {
  const change = useChange('changes.settle')
  const settle = (): void =>
    change.run({ connectionId, input: { connectionId }, message: 'What was cut off is settled.', onDone: () => undefined })
  return (
    <Callout
      severity="error"
      title={`${formatQuantity(count, 'change was', 'changes were')} cut off and could be neither finished nor taken back yet.`}
      action={
        <Button size="small" icon={<RotateCw aria-hidden="true" />} busy={change.isRunning} onClick={settle}>
          Settle
        </Button>
      }
    >
      Nothing is lost: what was there before is kept. Nothing else can be changed in this store until this is settled.
      <ChangeProgress change={change} />
    </Callout>
  )
}
