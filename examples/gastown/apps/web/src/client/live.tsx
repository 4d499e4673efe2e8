'use client';

import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk';
import { useRouter } from 'next/navigation';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

/** The browser may hear of a change a moment before the services do. After so long all of them have. */
export const SETTLED_MILLIS = 400;

interface Known {
  /** A flag's value as the browser knows it; undefined until it knows any. */
  ask: (flag: string) => boolean | undefined;
  /** When a flag changed last, since the page is there. */
  changedAt: number;
}

const UNKNOWN: Known = { ask: () => undefined, changedAt: 0 };
const Live = createContext(UNKNOWN);

/** Whether flags are open, kept up to date. */
export const useLive = () => useContext(Live);

/** Follows the flags of the one who is signed in: the server says when to ask again, and pages that have changed are rendered anew. */
export function FollowFlags({ user, children }: { user: string; children: ReactNode }) {
  const router = useRouter();
  const [known, setKnown] = useState(UNKNOWN);

  useEffect(() => {
    const client = OpenFeature.getClient();
    const know = (changedAt: number) => setKnown({ ask: (flag) => client.getBooleanValue(flag, false), changedAt });
    const ready = () => {
      know(0);
      document.body.dataset.following = 'true';
    };
    let settled: ReturnType<typeof setTimeout>;
    const change = () => {
      know(Date.now());
      router.refresh();
      clearTimeout(settled);
      settled = setTimeout(() => router.refresh(), SETTLED_MILLIS);
    };
    client.addHandler(ProviderEvents.Ready, ready);
    client.addHandler(ProviderEvents.ConfigurationChanged, change);
    const provider = new OFREPWebProvider({ baseUrl: location.origin, cacheMode: 'disabled' });
    OpenFeature.setProviderAndWait(provider, { targetingKey: user }).catch((e: unknown) =>
      console.warn('the flags are not followed', e),
    );
    return () => {
      clearTimeout(settled);
      client.removeHandler(ProviderEvents.Ready, ready);
      client.removeHandler(ProviderEvents.ConfigurationChanged, change);
      void OpenFeature.clearProviders();
    };
  }, [user, router]);

  return <Live value={known}>{children}</Live>;
}
