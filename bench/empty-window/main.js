// The least that an Electron app can be: one window with nothing in it, as well guarded as ours.
import { app, BrowserWindow } from 'electron';

app.setPath('userData', process.env.BENCH_HOME ?? app.getPath('userData'));
app.on('window-all-closed', () => app.quit());
void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false },
  });
  void window.loadFile('index.html');
});
