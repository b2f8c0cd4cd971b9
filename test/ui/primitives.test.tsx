// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { Button } from '../../renderer/ui/button.tsx'
import { Checkbox } from '../../renderer/ui/checkbox.tsx'
import { Dialog, DialogBody } from '../../renderer/ui/dialog.tsx'
import { ErrorState } from '../../renderer/ui/error-state.tsx'
import { Field } from '../../renderer/ui/field.tsx'
import { IconButton } from '../../renderer/ui/icon-button.tsx'
import { MiddleText } from '../../renderer/ui/middle-text.tsx'
import { PathText } from '../../renderer/ui/path-text.tsx'
import { Segmented } from '../../renderer/ui/segmented.tsx'
import { TextInput } from '../../renderer/ui/text-input.tsx'
import { toast, ToastProvider } from '../../renderer/ui/toast.tsx'

afterEach(cleanup)

test('a button with an icon only has a name', () => {
  render(<IconButton label="Settings" icon={<svg />} />)
  expect(screen.getByRole('button', { name: 'Settings' })).toBeDefined()
})

test('a busy button refuses clicks, says so, and keeps the focus', () => {
  const onClick = vi.fn()
  const { rerender } = render(<Button onClick={onClick}>Save</Button>)
  screen.getByRole('button').focus()
  rerender(
    <Button onClick={onClick} busy>
      Save
    </Button>,
  )
  fireEvent.click(screen.getByRole('button'))
  expect(onClick).not.toHaveBeenCalled()
  expect(screen.getByRole('button').getAttribute('aria-busy')).toBe('true')
  expect(document.activeElement).toBe(screen.getByRole('button'))
})

test('an input is tied to its label, its help and its error', async () => {
  render(
    <Field label="Address" description="Where the server listens" error="The address is missing.">
      <TextInput value="" onValueChange={() => undefined} />
    </Field>,
  )
  const input = screen.getByLabelText('Address')
  expect(input.getAttribute('aria-invalid')).toBe('true')
  const described = (input.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent)
  expect(described.join(' ')).toContain('The address is missing.')
  expect(described.join(' ')).toContain('Where the server listens')
})

test('an input can be emptied with a button of its own', () => {
  const onValueChange = vi.fn()
  render(<TextInput aria-label="Find" value="abc" onValueChange={onValueChange} clearable />)
  fireEvent.click(screen.getByRole('button', { name: 'Clear' }))
  expect(onValueChange).toHaveBeenCalledWith('')
})

test('exactly one segment is on, and pressing it again leaves it on', () => {
  const onValueChange = vi.fn()
  render(
    <Segmented
      label="Theme"
      value="light"
      onValueChange={onValueChange}
      options={[
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
    />,
  )
  const group = within(screen.getByRole('group', { name: 'Theme' }))
  expect(group.getByRole('button', { name: 'Light' }).getAttribute('aria-pressed')).toBe('true')
  fireEvent.click(group.getByRole('button', { name: 'Light' }))
  expect(onValueChange).not.toHaveBeenCalled()
  fireEvent.click(group.getByRole('button', { name: 'Dark' }))
  expect(onValueChange).toHaveBeenCalledWith('dark')
})

test('a checkbox tells that only some are chosen', () => {
  render(<Checkbox label="All records" hideLabel checked={false} indeterminate onCheckedChange={() => undefined} />)
  expect(screen.getByRole('checkbox', { name: 'All records' }).getAttribute('aria-checked')).toBe('mixed')
})

test('a dialog has a name, and Escape closes it', async () => {
  function Example() {
    const [open, setOpen] = useState(true)
    return (
      <Dialog open={open} onOpenChange={setOpen} title="Settings">
        <DialogBody>Theme</DialogBody>
      </Dialog>
    )
  }
  render(<Example />)
  const dialog = await screen.findByRole('dialog', { name: 'Settings' })
  fireEvent.keyDown(dialog, { key: 'Escape' })
  await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

test('an error state is announced, and offers to try again', () => {
  const onRetry = vi.fn()
  render(<ErrorState message="The file is damaged." remedy="Open a copy." onRetry={onRetry} />)
  expect(screen.getByRole('alert').textContent).toContain('The file is damaged.Open a copy.')
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(onRetry).toHaveBeenCalledOnce()
})

test('an error toast says what happened and what to do, and stays until it is dismissed', async () => {
  render(<ToastProvider>{null}</ToastProvider>)
  toast({ severity: 'error', message: 'The server did not answer.', remedy: 'Nothing was changed. Try again.' })
  const announced = await screen.findByRole('alert')
  expect(announced.textContent).toBe('The server did not answer.Nothing was changed. Try again.')
  const shown = (): Element[] => screen.queryAllByText('The server did not answer.').filter((element) => !announced.contains(element))
  expect(shown()).toHaveLength(1)
  fireEvent.click(screen.getByLabelText('Dismiss'))
  await vi.waitFor(() => expect(shown()).toEqual([]))
})

test('long names and paths are cut in the middle, without losing or splitting a character', () => {
  const name = `conversation_${'x'.repeat(30)}_👩‍👩‍👧_🙂5d1c66e`
  expect(render(<MiddleText text={name} />).container.textContent).toBe(name)
  const path = '/home/someone/projects/a long folder/my-app/chroma'
  const { container } = render(<PathText path={path} />)
  expect(container.textContent).toBe(path)
  expect(container.querySelector('span > span:last-child')?.textContent).toBe('my-app/chroma')
})
