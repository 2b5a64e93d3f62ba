import { createRequire } from 'node:module';
import { act, type ReactNode } from 'react';

interface Root {
  render(node: ReactNode): void;
  unmount(): void;
}

const { createRoot } = createRequire(import.meta.url)('react-dom/client') as {
  createRoot(container: unknown): Root;
};

const nothing = () => {};

/**
 * A root of the real react-dom for components that render nothing: as much of a page as it asks for then. Effects
 * run as in a browser, StrictMode's second ones included.
 */
export function createTestRoot(): { render(node: ReactNode): Promise<void>; unmount(): Promise<void> } {
  const document = {
    nodeType: 9,
    addEventListener: nothing,
    removeEventListener: nothing,
    activeElement: null,
  };
  const window = Object.assign(new EventTarget(), { document, HTMLIFrameElement: class {} });
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true, window });
  const root = createRoot({
    nodeType: 1,
    nodeName: 'DIV',
    tagName: 'DIV',
    namespaceURI: 'http://www.w3.org/1999/xhtml',
    ownerDocument: Object.assign(document, { defaultView: window }),
    addEventListener: nothing,
    removeEventListener: nothing,
  });
  return {
    render: (node) => act(async () => root.render(node)),
    unmount: () => act(async () => root.unmount()),
  };
}
