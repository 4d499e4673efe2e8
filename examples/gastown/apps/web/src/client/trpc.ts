import { createTRPCClient, httpLink } from '@trpc/client';
import type { AppRouter } from '../server/router.ts';

export const trpc = createTRPCClient<AppRouter>({ links: [httpLink({ url: '/api/trpc' })] });
