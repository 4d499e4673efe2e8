// Hands something over to the browser's downloads.

/**
 * Saves a file.
 *
 * @param {Array<string | Uint8Array | Blob>} parts its content
 */
export function save(name, type, parts) {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
