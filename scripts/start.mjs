import { installAndBuild, openApp } from './app-start.mjs';
import { command } from './command.mjs';
import { hasDisplay } from './display.mjs';
import { ownElectron } from './electron-runtime.mjs';

await command(async () => {
  if (!(await hasDisplay())) {
    throw new Error(
      'There is no display to open a window on. In a terminal: npm run muster -- --help',
    );
  }
  await installAndBuild();
  const electron = await ownElectron();
  if (electron.kind === 'none') {
    throw new Error(
      [
        electron.reason,
        'Where a mirror of its releases is in reach, set ELECTRON_MIRROR to its address.',
        'Where Electron is on this machine, set ELECTRON_OVERRIDE_DIST_PATH to its folder.',
        'Without a window Muster runs in the terminal: npm run muster -- --help',
      ].join('\n'),
    );
  }
  return (await openApp(electron.path, process.argv.slice(2))).code;
});
