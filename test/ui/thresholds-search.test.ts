import { describe, expect, test } from 'vitest'
import { usualThresholdSettings } from '../../shared/domain/thresholds/experiment.ts'
import { labSettingsOf, searchOfLabSettings, thresholdsSearchSchema, type LabSettings } from '../../renderer/lib/thresholds-search.ts'

const { present: _present, candidate: _candidate, ...usual } = usualThresholdSettings

describe('the address of the threshold lab', () => {
  test('an empty one means the usual settings, and these are not written', () => {
    const search = thresholdsSearchSchema.parse({})
    expect(labSettingsOf(search, 'log:1')).toEqual(usual)
    expect(Object.values(searchOfLabSettings(usual, 'log:1')).every((value) => value === undefined)).toBe(true)
  })

  test('settings come back from the address as they were', () => {
    const settings: LabSettings = {
      sources: ['human'],
      exact: 'count',
      group: 'a,b = "c"',
      beta: 2,
      guarantee: { of: 'hits', bound: 0.005, confidence: 0.99 },
      costs: { hit: 0.5, wrong: 7, lookup: 0.01 },
    }
    expect(labSettingsOf(thresholdsSearchSchema.parse(searchOfLabSettings(settings, 'log:1')), 'log:1')).toEqual(settings)
  })

  test('weak labels count where the collection itself is the evidence, and nowhere else unless asked for', () => {
    expect(labSettingsOf({}, 'self-calibration').sources).toEqual(['human', 'weak'])
    expect(labSettingsOf({}, 'sample').sources).toEqual(['human', 'log'])
    expect(labSettingsOf({ labels: 'weak,human' }, 'sample').sources).toEqual(['weak', 'human'])
    const asWeak: LabSettings = { ...usual, sources: ['human', 'weak'] }
    expect(searchOfLabSettings(asWeak, 'self-calibration').labels).toBeUndefined()
    expect(searchOfLabSettings(asWeak, 'sample').labels).toBe('human,weak')
  })

  test('what is not valid is as usual', () => {
    const search = thresholdsSearchSchema.parse({
      bound: '2',
      confidence: 'x',
      beta: '-1',
      wrong: '-5',
      labels: 'nobody',
      tab: 'nowhere',
      threshold: '1.5',
      of: 'entries',
    })
    expect(search).toEqual({ bound: '2', confidence: 'x', beta: '-1', wrong: '-5', labels: 'nobody' })
    expect(labSettingsOf(search, 'log:1')).toEqual(usual)
  })
})
