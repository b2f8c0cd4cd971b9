/** A text as it stands in an XML document, inside elements and attributes. */
export function escapeXml(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return (
    text
      .replaceAll(/[&<>"]/g, (character) => names[character] ?? character)
      // oxlint-disable-next-line no-control-regex -- XML has no way to write these at all
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
  )
}
