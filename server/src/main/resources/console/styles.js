// A view's own style sheet, loaded with the view: `await styles('/css/time.css')` at the top of its module.

const loaded = new Map();

export function styles(address) {
  if (!loaded.has(address)) {
    loaded.set(
      address,
      new Promise((resolve) => {
        const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: address });
        link.onload = link.onerror = resolve; // unstyled is better than nothing
        document.head.append(link);
      }),
    );
  }
  return loaded.get(address);
}
