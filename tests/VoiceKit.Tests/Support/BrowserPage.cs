namespace VoiceKit.Tests.Support;

/// <summary>The page that <see cref="Browser"/> shows: it asks for jobs, does them, and posts what came out.</summary>
internal static class BrowserPage
{
    public const string Html = """
        <!doctype html>
        <meta charset="utf-8">
        <title>VoiceKit</title>
        <script type="module">
        const SAMPLE_RATE = 48000;
        const wait = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
        const event = (target, name) => new Promise(resolve => target.addEventListener(name, resolve, { once: true }));
        const data = async () => (await fetch('/data')).arrayBuffer();

        // What is no number in JSON (Infinity, NaN) becomes null.
        const jobs = {
            async supports({ types }) {
                return [types.map(type => MediaRecorder.isTypeSupported(type))];
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
                if (pause) {
                    await wait(500 * seconds);
                    recorder.pause();
                    await wait(1000 * pause);
                    recorder.resume();
                    await wait(500 * seconds);
                } else {
                    await wait(1000 * seconds);
                }
                recorder.stop();
                await stopped;
                microphone.getTracks().forEach(track => track.stop());
                await context.close();
                return [{ type: recorder.mimeType, chunks: chunks.filter(c => c.size > 0).length }, new Blob(chunks)];
            },

            async decode() {
                const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
                const pcm = await context.decodeAudioData(await data());
                const body = new Float32Array(pcm.length * pcm.numberOfChannels);
                for (let c = 0; c < pcm.numberOfChannels; c++)
                    pcm.getChannelData(c).forEach((x, i) => { body[i * pcm.numberOfChannels + c] = x; });
                return [{ channels: pcm.numberOfChannels, frames: pcm.length }, body];
            },

            async play({ contentType, rate }) {
                const url = URL.createObjectURL(new Blob([await data()], { type: contentType }));
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
                    return [{ duration: atStart, durationAtEnd, currentTime, ended: isAtEnd }];
                } finally {
                    audio.removeAttribute('src');
                    URL.revokeObjectURL(url);
                }
            },
        };

        const post = (path, meta, body) => fetch(path, {
            method: 'POST', body, headers: { 'X-Meta': encodeURIComponent(JSON.stringify(meta)) },
        });
        for (;;) {
            const { name, options } = await (await fetch('/job')).json();
            try {
                const [meta, body] = await jobs[name](options);
                await post('/result', meta, body);
            } catch (error) {
                await post('/failure', `${error?.name ?? error?.constructor?.name}: ${error?.message}`);
            }
        }
        </script>
        """;
}
