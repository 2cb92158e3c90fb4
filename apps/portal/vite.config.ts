import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds the API. */
const api = process.env['API_URL'] ?? 'http://localhost:3000';

export default defineConfig({
  root: import.meta.dirname,
  base: '/portal/',
  plugins: [react()],
  build: {
    target: 'es2023',
    // The page's Content-Security-Policy allows files, not `data:` scripts or fonts.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // `build.ts` names a folder elsewhere, and moves it here when it is complete.
    outDir: 'dist',
    emptyOutDir: true,
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: {
      // Everything that is not the portal's own files belongs to the API.
      '^/(?!portal/)': api,
      '^/portal/api/': api,
    },
  },
});
