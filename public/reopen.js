// The neutral page stays until it is deliberately left: only this link takes the flag away.
document.getElementById('reopen').addEventListener('click', () => {
  try {
    sessionStorage.removeItem('exited');
  } catch {}
});
