// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, expect, test } from 'vitest'
import { Select } from '../../renderer/ui/select.tsx'

afterEach(cleanup)

function Keys({ count }: { count: number }) {
  const [key, setKey] = useState('key_7')
  const options = Array.from({ length: count }, (_, index) => ({ value: `key_${index}`, label: `Key ${index}` }))
  return (
    <>
      <Select label="Group by" value={key} onValueChange={setKey} options={options} />
      <output>{key}</output>
    </>
  )
}

test('of thousands of values a hundred are listed, and any is found by typing', async () => {
  render(<Keys count={5000} />)
  const trigger = screen.getByRole('combobox', { name: 'Group by' })
  expect(trigger.textContent).toBe('Key 7')
  fireEvent.click(trigger)
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(100))
  fireEvent.change(screen.getByPlaceholderText('Find among 5,000'), { target: { value: 'key 4321' } })
  await waitFor(() => expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual(['Key 4321']))
  fireEvent.click(screen.getByRole('option'))
  await waitFor(() => expect(screen.getByRole('status').textContent).toBe('key_4321'))
  expect(trigger.textContent).toBe('Key 4321')
})

test('a few values are a plain list', async () => {
  render(<Keys count={12} />)
  fireEvent.click(screen.getByRole('combobox', { name: 'Group by' }))
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(12))
  expect(screen.queryByRole('textbox')).toBe(null)
})
