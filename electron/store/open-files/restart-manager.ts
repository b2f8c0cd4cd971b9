import { spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { OpenProcess, Seen } from './open-process.ts'

/**
 * Asks the Restart Manager, which is a part of every Windows, who uses the files that come on standard input, one on each line.
 * Writes for each process its number, those of the processes it comes from, and its name, between tabs; then the line `end`.
 * @see https://learn.microsoft.com/windows/win32/api/restartmanager/nf-restartmanager-rmgetlist
 */
const script = `
$ErrorActionPreference = 'Stop'
[Console]::InputEncoding = New-Object Text.UTF8Encoding $false
[Console]::OutputEncoding = New-Object Text.UTF8Encoding $false
Add-Type -TypeDefinition @'
using System; using System.ComponentModel; using System.Runtime.InteropServices; using System.Text;
public static class Users {
  [StructLayout(LayoutKind.Sequential)] struct Unique { public int Id; public System.Runtime.InteropServices.ComTypes.FILETIME Start; }
  [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)] struct Info {
    public Unique Process;
    [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 256)] public string Name;
    [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 64)] public string Service;
    public int Type; public uint Status; public uint Session; [MarshalAs(UnmanagedType.Bool)] public bool Restartable;
  }
  [DllImport("rstrtmgr.dll", CharSet = CharSet.Unicode)] static extern int RmStartSession(out uint session, int flags, StringBuilder key);
  [DllImport("rstrtmgr.dll")] static extern int RmEndSession(uint session);
  [DllImport("rstrtmgr.dll", CharSet = CharSet.Unicode)] static extern int RmRegisterResources(
    uint session, uint files, string[] names, uint processes, IntPtr unique, uint services, string[] serviceNames);
  [DllImport("rstrtmgr.dll")] static extern int RmGetList(uint session, out uint needed, ref uint count, [In, Out] Info[] list, out uint reasons);
  static void Check(int result) { if (result != 0) throw new Win32Exception(result); }
  public static int[] Of(string[] files) {
    uint session;
    Check(RmStartSession(out session, 0, new StringBuilder(33)));
    try {
      Check(RmRegisterResources(session, (uint)files.Length, files, 0, IntPtr.Zero, 0, null));
      uint needed = 0, count = 0, reasons;
      int result = RmGetList(session, out needed, ref count, null, out reasons);
      Info[] list = new Info[0];
      while (result == 234) {
        count = needed + 4;
        list = new Info[count];
        result = RmGetList(session, out needed, ref count, list, out reasons);
      }
      Check(result);
      int[] ids = new int[count];
      for (int at = 0; at < count; at++) ids[at] = list[at].Process.Id;
      return ids;
    } finally { RmEndSession(session); }
  }
}
'@
$files = @([Console]::In.ReadToEnd().Split([char]10) | Where-Object { $_ })
$ids = [Users]::Of($files)
if ($ids.Length) {
  $all = @{}
  Get-CimInstance Win32_Process -Property ProcessId, ParentProcessId, Name | ForEach-Object { $all[[int]$_.ProcessId] = $_ }
  foreach ($id in $ids) {
    $above = @(); $each = $all[$id]
    while ($each -and $above.Length -lt 64) { $above += [int]$each.ParentProcessId; $each = $all[[int]$each.ParentProcessId] }
    $name = if ($all[$id]) { $all[$id].Name } else { 'process' }
    [Console]::Out.WriteLine("$id\`t$($above -join ',')\`t$name")
  }
}
[Console]::Out.WriteLine('end')
`

/** What the script wrote; null where it did not come to its end. */
export function parseUsers(output: string): OpenProcess[] | null {
  const lines = output.split(/\r?\n/).filter((line) => line !== '')
  if (lines.pop() !== 'end') return null
  return lines.map((line) => {
    const [pid, above = '', name = 'process'] = line.split('\t')
    return { pid: Number(pid), name, relatives: above.split(',').filter(Boolean).map(Number) }
  })
}

/** The files of a store that a program keeps open as long as it uses the store. */
async function filesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
}

function runScript(input: string): Promise<string> {
  return new Promise((resolve) => {
    const encoded = Buffer.from(script, 'utf16le').toString('base64')
    const words = ['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-EncodedCommand', encoded]
    const child = spawn('powershell.exe', words, { windowsHide: true, timeout: 20_000, stdio: ['pipe', 'pipe', 'ignore'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('error', () => resolve(''))
    child.on('close', () => resolve(output))
    child.stdin.on('error', () => child.kill())
    child.stdin.end(input)
  })
}

/**
 * Windows.
 * @returns null where it could not be asked
 */
export async function askRestartManager(directory: string): Promise<Seen | null> {
  const processes = parseUsers(await runScript((await filesOf(directory)).join('\n')))
  return processes && { processes, isPartial: true }
}
