// A window with xterm.js in it and nothing else: what the terminal could be at best.
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
