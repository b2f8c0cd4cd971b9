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
      groupBy: 'tier',
      group: 'a,b = "c"',
      beta: 2,
      guarantee: { of: 'hits', bound: 0.005, confidence: 0.99 },
      costs: { hit: 0.5, wrong: 7, lookup: 0.01, perCall: false },
    }
    expect(labSettingsOf(thresholdsSearchSchema.parse(searchOfLabSettings(settings, 'log:1')), 'log:1')).toEqual(settings)
  })

  test('a hit is worth what the calls of the log cost on the mean, unless something else is asked for', () => {
    const { costs } = labSettingsOf({}, 'log:1', 0.0031249)
    expect(costs).toEqual({ hit: 0.003125, wrong: 0.0625, lookup: 0, perCall: true })
    expect(searchOfLabSettings({ ...usual, costs }, 'log:1', 0.0031249)).toEqual(searchOfLabSettings(usual, 'log:1'))
    const same = searchOfLabSettings({ ...usual, costs: { ...costs, hit: 2, perCall: false } }, 'log:1', 0.0031249)
    expect(same).toMatchObject({ hit: '2', calls: 'same' })
    expect(labSettingsOf(thresholdsSearchSchema.parse(same), 'log:1', 0.0031249).costs).toMatchObject({
      hit: 2,
      wrong: 0.0625,
      perCall: false,
    })
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
