import { useMutation } from '@tanstack/react-query'
import { useClient } from '../../lib/client-context.tsx'
import { DirectoryPicker } from '../../lib/picker/directory-picker.tsx'

function describeEmpty() {
  return { title: 'No folders in here', text: 'Add this folder if it holds config.json, or go up to another one.' }
}

/** The app's own dialog for adding the folder of a sentence model. */
export function ModelPicker({ open, onClose }: { open: boolean; onClose: () => void }) {
  const client = useClient()
  const { mutate, reset, isPending, error } = useMutation({ ...client.mutation('embedders.addLocalModel'), meta: { showsError: true } })
  return (
    <DirectoryPicker
      open={open}
      onClose={onClose}
      title="Add the folder of a sentence model"
      description="The folder that holds config.json, tokenizer.json and the folder onnx. It is read and never written."
      chooseHere="Add this folder"
      choose={(name) => `Add ${name}`}
      describeEmpty={describeEmpty}
      onChoose={({ handle }) => mutate({ handle }, { onSuccess: onClose })}
      isPending={isPending}
      error={error}
      onMoved={reset}
    />
  )
}
