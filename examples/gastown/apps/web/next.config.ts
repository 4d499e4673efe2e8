import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

export default {
  transpilePackages: ['@gastown/gates'],
  serverExternalPackages: ['@grpc/grpc-js', '@openfeature/flagd-provider', '@openfeature/server-sdk'],
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.url)) },
  poweredByHeader: false,
  devIndicators: false,
} satisfies NextConfig;
