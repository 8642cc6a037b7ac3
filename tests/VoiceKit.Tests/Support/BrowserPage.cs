namespace VoiceKit.Tests.Support;

/// <summary>The page that <see cref="Browser"/> shows: what it can do, and what comes out of it.</summary>
internal static class BrowserPage
{
    public const string Html = """
        <!doctype html>
        <meta charset="utf-8">
        <title>VoiceKit</title>
        <script>
        const SAMPLE_RATE = 48000;
        const wait = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
        const event = (target, name) => new Promise(resolve => target.addEventListener(name, resolve, { once: true }));
        const bytes = async blob => new Uint8Array(await blob.arrayBuffer());

        const jobs = {
            async supports({ types }) {
                return { supported: types.map(type => MediaRecorder.isTypeSupported(type)) };
            },

            async record({ mimeType, seconds, timeslice, bitrate, pause, channels }) {
                const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
                const microphone = await navigator.mediaDevices.getUserMedia({ audio });

                // The microphone is stereo whatever is asked of it.
                const context = new AudioContext({ sampleRate: SAMPLE_RATE });
                const mixer = new MediaStreamAudioDestinationNode(context, { channelCount: channels });
                context.createMediaStreamSource(microphone).connect(mixer);
                await context.resume();
                const stream = channels === 2 ? microphone : mixer.stream;
                const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: bitrate });
                const chunks = [];
                recorder.addEventListener('dataavailable', e => chunks.push(e.data));
                const stopped = new Promise((resolve, reject) => {
                    recorder.addEventListener('stop', resolve);
                    recorder.addEventListener('error', e => reject(e.error));
                });
                const started = event(recorder, 'start');
                timeslice ? recorder.start(timeslice) : recorder.start();
                await started;

                // By the clock of the sound, which a busy machine may hold up.
                const hear = async seconds => {
                    for (const end = context.currentTime + seconds; context.currentTime < end;)
                        await wait(10);
                };
                if (pause) {
                    await hear(seconds / 2);
                    recorder.pause();
                    await hear(pause);
                    recorder.resume();
                    await hear(seconds / 2);
                } else {
                    await hear(seconds);
                }
                recorder.stop();
                await stopped;
                microphone.getTracks().forEach(track => track.stop());
                await context.close();
                const data = (await bytes(new Blob(chunks))).toBase64();
                return { type: recorder.mimeType, chunks: chunks.filter(c => c.size > 0).length, data };
            },

            async decode({ file }) {
                const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
                const pcm = await context.decodeAudioData(Uint8Array.fromBase64(file).buffer);
                const body = new Float32Array(pcm.length * pcm.numberOfChannels);
                for (let c = 0; c < pcm.numberOfChannels; c++)
                    pcm.getChannelData(c).forEach((x, i) => { body[i * pcm.numberOfChannels + c] = x; });
                const samples = new Uint8Array(body.buffer).toBase64();
                return { channels: pcm.numberOfChannels, frames: pcm.length, samples };
            },

            async play({ file, contentType, rate }) {
                const url = URL.createObjectURL(new Blob([Uint8Array.fromBase64(file)], { type: contentType }));
                const audio = new Audio();
                try {
                    const failed = event(audio, 'error').then(() => { throw audio.error; });
                    const loaded = event(audio, 'loadedmetadata');
                    const ended = event(audio, 'ended');
                    audio.src = url;
                    await Promise.race([loaded, failed]);
                    const atStart = audio.duration;
                    audio.defaultPlaybackRate = audio.playbackRate = rate;
                    await Promise.race([audio.play(), failed]);
                    await Promise.race([ended, failed]);
                    const { duration: durationAtEnd, currentTime, ended: isAtEnd } = audio;
                    return { duration: atStart, durationAtEnd, currentTime, ended: isAtEnd };
                } finally {
                    audio.removeAttribute('src');
                    URL.revokeObjectURL(url);
                }
            },
        };
        </script>
        """;
}
