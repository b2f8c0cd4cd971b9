import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { Connection } from '../../../shared/contract/connections.ts'

/** Goes to a connection that was just opened. */
export function useOpened(): (connection: Connection) => void {
  const navigate = useNavigate()
  return useCallback((connection) => void navigate({ to: '/s/$connectionId', params: { connectionId: connection.id } }), [navigate])
}
