import { BoxSelect, Hand, LassoSelect, Maximize, ScanSearch } from 'lucide-react'
import { IconButton } from '../../ui/icon-button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import type { ScatterTool } from './scatter/scatter-props.ts'

interface MapControlsProps {
  readonly tool: ScatterTool
  readonly onTool: (tool: ScatterTool) => void
  readonly canZoomToSelection: boolean
  readonly onFit: () => void
  readonly onZoomToSelection: () => void
}

/** What the pointer does, and what part of the map is in view. */
export function MapControls({ tool, onTool, canZoomToSelection, onFit, onZoomToSelection }: MapControlsProps) {
  return (
    <div className="flex items-center gap-1">
      <Segmented
        size="small"
        label="What dragging does"
        value={tool}
        onValueChange={onTool}
        options={[
          { value: 'pan', label: 'Move the view', icon: <Hand aria-hidden="true" />, hideLabel: true },
          { value: 'box', label: 'Select in a box', icon: <BoxSelect aria-hidden="true" />, hideLabel: true },
          { value: 'lasso', label: 'Select with a lasso', icon: <LassoSelect aria-hidden="true" />, hideLabel: true },
        ]}
      />
      <IconButton label="Show everything" size="small" icon={<Maximize aria-hidden="true" />} onClick={onFit} />
      <IconButton
        label="Zoom to the selection"
        size="small"
        icon={<ScanSearch aria-hidden="true" />}
        disabled={!canZoomToSelection}
        onClick={onZoomToSelection}
      />
    </div>
  )
}
