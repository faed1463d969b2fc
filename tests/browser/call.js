// A client of Madang's calls, as small as one can be: who comes in offers to all who are there.

const call = { peers: {}, videos: {}, left: [], media: {}, socket: null, peer: null, waiting: {} };

function ask(type, fields) {
  const id = String(Math.random());
  call.socket.send(JSON.stringify({ type, id, ...fields }));
  return new Promise((resolve, reject) => { call.waiting[id] = { resolve, reject }; });
}

function connect(peer) {
  const link = new RTCPeerConnection({ iceServers: call.servers });
  call.peers[peer] = { link, early: [] };
  for (const track of call.stream.getTracks()) link.addTrack(track, call.stream);
  link.onicecandidate = ({ candidate }) => candidate && ask('call.signal', { room: call.room, to: peer, data: {
    kind: 'candidate', candidate: candidate.candidate, sdp_mid: candidate.sdpMid, sdp_line: candidate.sdpMLineIndex } });
  link.ontrack = ({ streams }) => {
    if (call.videos[peer]) return;
    const video = document.createElement('video');
    Object.assign(video, { autoplay: true, muted: true, playsInline: true, srcObject: streams[0] });
    document.body.append(call.videos[peer] = video);
  };
  return link;
}

async function settle(peer) {
  const { link, early } = call.peers[peer];
  for (const candidate of early.splice(0)) await link.addIceCandidate(candidate);
}

async function signalled({ from_peer: from, data }) {
  if (data.kind === 'offer') {
    const link = connect(from);
    await link.setRemoteDescription({ type: 'offer', sdp: data.sdp });
    await settle(from);
    await link.setLocalDescription(await link.createAnswer());
    await ask('call.signal', { room: call.room, to: from, data: { kind: 'answer', sdp: link.localDescription.sdp } });
  } else if (data.kind === 'answer') {
    await call.peers[from].link.setRemoteDescription({ type: 'answer', sdp: data.sdp });
    await settle(from);
  } else {
    const candidate = { candidate: data.candidate, sdpMid: data.sdp_mid, sdpMLineIndex: data.sdp_line };
    const { link, early } = call.peers[from];
    if (link.remoteDescription) await link.addIceCandidate(candidate); else early.push(candidate);
  }
}

let inOrder = Promise.resolve();

function heard(push) {
  if (push.type === 'reply') {
    const { resolve, reject } = call.waiting[push.id] || {};
    if (resolve) push.ok ? resolve(push.ok) : reject(new Error(push.error.code));
  } else if (push.type === 'call.signal') {
    inOrder = inOrder.then(() => signalled(push));
  } else if (push.type === 'call.media') {
    call.media[push.peer] = { mic: push.mic, camera: push.camera };
  } else if (push.type === 'call.left' && call.peers[push.peer]) {
    call.peers[push.peer].link.close();
    call.videos[push.peer]?.remove();
    delete call.peers[push.peer];
    delete call.videos[push.peer];
    call.left.push(push.peer);
  }
}

async function join(url, token, room) {
  call.room = room;
  call.stream = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240 }, audio: true });
  call.socket = new WebSocket(url);
  await new Promise((resolve) => { call.socket.onopen = resolve; });
  call.socket.onmessage = ({ data }) => heard(JSON.parse(data));
  await ask('hello', { token });
  await ask('room.open', { room });
  const joined = await ask('call.join', { room, mic: true, camera: true });
  call.peer = joined.peer;
  call.servers = joined.ice_servers;
  for (const { peer } of joined.call.peers) {
    if (peer === call.peer) continue;
    const link = connect(peer);
    await link.setLocalDescription(await link.createOffer());
    await ask('call.signal', { room, to: peer, data: { kind: 'offer', sdp: link.localDescription.sdp } });
  }
  return call.peer;
}

async function mute() {
  call.stream.getAudioTracks()[0].enabled = false;
  await ask('call.media', { room: call.room, mic: false, camera: true });
}

async function leave() {
  for (const { link } of Object.values(call.peers)) link.close();
  await ask('call.leave', { room: call.room });
}

// What is seen of a peer now: some pixels, or nothing when no picture has come yet.
function seen(peer) {
  const video = call.videos[peer];
  if (!video || video.readyState < 2) return null;
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: 64, height: 48 });
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0, 64, 48);
  return Array.from(context.getImageData(0, 0, 64, 48).data);
}

// Whether the picture of a peer has colours and moves.
async function moves(peer) {
  const before = seen(peer);
  if (!before) return false;
  await new Promise((resolve) => setTimeout(resolve, 400));
  const after = seen(peer);
  const bright = after.filter((value, index) => index % 4 < 3 && value > 40).length;
  const changed = after.filter((value, index) => Math.abs(value - before[index]) > 20).length;
  return bright > 500 && changed > 10;
}
