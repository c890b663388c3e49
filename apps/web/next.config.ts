import { existsSync } from 'node:fs';
import path from 'node:path';
import type { NextConfig } from 'next';

const root = path.join(import.meta.dirname, '../..');

/** The web server runs behind the API's front door, which keeps /api and /k8s for itself: no rewrites here. */
const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: root,
  turbopack: { root },
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run check` does; a start need not wait for it, nor trip over its cache after an update.
  typescript: { ignoreBuildErrors: true },
  // In development the page comes from the door's port, not from Next's own.
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
  devIndicators: false,
  experimental: {
    // A first build has nothing to gain from a cache, and writing one takes it a fifth longer; whoever builds again will do so once more.
    turbopackFileSystemCacheForBuild: existsSync(path.join(import.meta.dirname, '.next/BUILD_ID')),
    turbopackPluginRuntimeStrategy: 'workerThreads',
    // What no browser downloads need not be small.
    turbopackMinify: { server: false, client: true },
  },
};
export default config;
