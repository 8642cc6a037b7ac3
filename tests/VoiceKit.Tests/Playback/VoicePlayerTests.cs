using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Playback;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Playback;

public class VoicePlayerTests
{
    [Theory]
    [InlineData(48_000, 1)]
    [InlineData(48_000, 2)]
    [InlineData(16_000, 1)]
    public async Task Output_gets_the_message_sample_for_sample_and_ends_with_it(int rate, int channels)
    {
        var message = PlayerLab.Message(Signals.Voice(100_000, 48_000, channels), channels);
        await using var lab = await new PlayerLab(rate, channels).PlayAsync(message);
        Assert.Equal(PlaybackState.Playing, lab.Player.State);
        Assert.Equal(PlayerLab.Decode(message, rate, channels), lab.TakeAll(441));
        Assert.Equal(PlaybackState.Playing, lab.Player.State);
        await lab.EndAsync();
        Assert.Equal((message.Duration, message.Duration), (lab.Player.Position, lab.Player.Duration));
        Assert.False(lab.Output.IsStarted);
        Assert.Equal(0, lab.Player.Underruns);
    }

    [Fact]
    public async Task Message_ends_on_a_buffer_of_the_output_to_the_frame()
    {
        var message = PlayerLab.Voice(48_000);
        await using var lab = await new PlayerLab().PlayAsync(message);
        Assert.Equal(48_000, lab.TakeAll(480).Length);
        await lab.EndAsync();
    }

    [Fact]
    public async Task Output_of_another_rate_gets_the_resampled_message_from_any_place_on()
    {
        var message = PlayerLab.Voice(200_000);
        using var resampled = new ResamplingReader(message.OpenAudio(LibOpusCodec.Default), 44_100);
        var expected = Pcm.ReadAll(resampled);
        await using var lab = await new PlayerLab(44_100).PlayAsync(message);
        Assert.Equal(expected, lab.TakeAll(441));
        await lab.EndAsync();

        const int From = 100_001;
        await lab.Player.SeekAsync(new AudioFormat(44_100, 1).DurationOf(From));
        await lab.Player.PlayAsync();
        var heard = lab.TakeAll(441);
        Assert.Equal(expected.Length - From, heard.Length);
        AssertNear(expected[(From + 441)..], heard[441..]);
    }

    [Fact]
    public async Task Output_of_six_channels_has_the_voice_in_front()
    {
        var message = PlayerLab.Message(Signals.Voice(30_000, 48_000, 2), 2);
        await using var lab = await new PlayerLab(48_000, 6).PlayAsync(message);
        var heard = lab.TakeAll();
        var expected = PlayerLab.Decode(message, channels: 2);
        Assert.Equal(expected, heard.Chunk(6).SelectMany(frame => frame[..2]));
        Assert.All(heard.Chunk(6), frame => Assert.Equal([0, 0, 0, 0], frame[2..]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(77_777)]
    [InlineData(150_000)]
    public async Task Seek_while_playing_gives_the_place_to_the_sample_and_nothing_stale(int to)
    {
        var message = PlayerLab.Voice(200_000);
        await using var lab = await new PlayerLab().PlayAsync(message);
        lab.Take(20_000);
        var before = lab.Output.Played;
        await lab.Player.SeekAsync(lab.Output.Format.DurationOf(to));
        Assert.Equal(lab.Output.Format.DurationOf(to), lab.Player.Position);
        var heard = lab.TakeAll()[before.Length..];

        // 10 ms of fading out, and then the place, faded in over 5 ms.
        var expected = PlayerLab.DecodeFrom(message, to);
        Assert.Equal(480 + expected.Length, heard.Length);
        var linear = PlayerLab.Decode(message);
        for (var i = 0; i < 480; i++)
            Assert.Equal(linear[before.Length + i] * (479.5f - i) / 480, heard[i], 1e-6f);
        for (var i = 0; i < 240; i++)
            Assert.Equal(expected[i] * (i + 0.5f) / 240, heard[480 + i], 1e-6f);
        Assert.Equal(expected[240..], heard[720..]);
        AssertNear(linear[(to + 240)..], heard[720..]);
        Assert.Equal(0, lab.Player.Underruns);
    }

    [Fact]
    public async Task Seek_is_heard_behind_the_fade_in_one_buffer_of_the_output()
    {
        var message = PlayerLab.Voice(200_000);
        await using var lab = await new PlayerLab().PlayAsync(message);
        lab.Take(20_000);
        await lab.Player.SeekAsync(TimeSpan.FromSeconds(1));
        lab.Settle();
        lab.Output.Take(4_800);
        Assert.Equal(PlayerLab.DecodeFrom(message, 48_000)[240..4_320], lab.Output.Played[(20_000 + 720)..]);
    }

    [Fact]
    public async Task Many_seeks_at_once_end_at_the_last_one()
    {
        var message = PlayerLab.Voice(200_000);
        await using var lab = await new PlayerLab().PlayAsync(message);
        lab.Take(4_800);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => lab.Player.SeekAsync(TimeSpan.FromSeconds(n * 0.1))));
        await lab.Player.SeekAsync(TimeSpan.FromSeconds(2));
        var heard = lab.TakeAll()[4_800..];
        Assert.Equal(PlayerLab.DecodeFrom(message, 96_000)[240..], heard[720..]);
    }

    [Fact]
    public async Task Seeks_that_race_with_the_device_leave_nothing_stale_behind()
    {
        const int Last = 300_000;
        var message = PlayerLab.Voice(480_000);
        await using var lab = await new PlayerLab().PlayAsync(message);
        var random = new Random(9);
        var device = Task.Run(() => lab.TakeAll(160));
        for (var n = 0; n < 100; n++)
            await lab.Player.SeekAsync(TimeSpan.FromMilliseconds(random.Next(3_000)));
        await lab.Player.SeekAsync(lab.Output.Format.DurationOf(Last));
        var heard = await device.WaitAsync(PlayerLab.Patience);
        Assert.Equal(1, lab.Output.Starts);
        Assert.Equal(PlayerLab.DecodeFrom(message, Last)[240..], heard[^(480_000 - Last - 240)..]);
        await lab.EndAsync();
    }

    [Fact]
    public async Task Seek_after_the_output_has_read_the_end_starts_it_again()
    {
        var message = PlayerLab.Voice(50_000);
        await using var lab = await new PlayerLab().PlayAsync(message);
        lab.TakeAll();
        await lab.Player.SeekAsync(TimeSpan.FromSeconds(0.5));
        Assert.Equal((PlaybackState.Playing, 2), (lab.Player.State, lab.Output.Starts));
        Assert.Equal(50_000 - 24_000, lab.TakeAll().Length);
        await lab.EndAsync();
    }

    [Fact]
    public async Task Pause_loses_nothing_of_what_the_latency_had_held_back()
    {
        var message = PlayerLab.Voice(100_000);
        var linear = PlayerLab.Decode(message);
        await using var lab = await new PlayerLab().PlayAsync(message);
        lab.Output.LatencyFrames = 3_000;
        lab.Take(24_000);
        await lab.Player.PauseAsync();
        Assert.Equal((PlaybackState.Paused, false), (lab.Player.State, lab.Output.IsStarted));
        Assert.Equal(lab.Output.Format.DurationOf(21_000), lab.Player.Position);
        lab.Output.LatencyFrames = 0;
        lab.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(lab.Output.Format.DurationOf(21_000), lab.Player.Position);

        await lab.Player.PlayAsync();
        var rest = lab.TakeAll();
        Assert.Equal(PlayerLab.DecodeFrom(message, 21_000)[240..], rest[240..]);
        AssertNear(linear[21_240..], rest[240..]);
    }

    [Fact]
    public async Task Position_is_what_is_heard_at_any_latency_and_only_grows()
    {
        var message = PlayerLab.Voice(100_000);
        await using var lab = await new PlayerLab().PlayAsync(message);
        var last = TimeSpan.Zero;
        for (var taken = 480; taken < 90_000; taken += 480)
        {
            lab.Output.LatencyFrames = 4_800 + taken % 960;
            lab.Take(480);
            var position = lab.Player.Position;
            Assert.True(position >= last);
            var expected = Math.Max(0, taken - lab.Output.LatencyFrames);
            if (taken % 960 == 0)
                Assert.Equal(lab.Output.Format.DurationOf(expected), position);
            last = position;
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.5)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Speed_changes_the_length_to_the_frame_and_the_position_keeps_to_the_message(double speed)
    {
        var message = PlayerLab.Voice(144_000);
        await using var lab = new PlayerLab();
        lab.Player.Speed = speed;
        await lab.PlayAsync(message);
        lab.Output.LatencyFrames = 2_400;
        for (var taken = 480; taken < (int)(130_000 / speed); taken += 480)
        {
            lab.Take(480);
            var truth = Math.Max(0, taken - 2_400) * speed / 48_000;
            Assert.Equal(truth, lab.Player.Position.TotalSeconds, 0.0005);
        }

        Assert.Equal(TimeStretcher.OutputFrames(144_000, speed), lab.TakeAll().Length);
        await lab.EndAsync();
        Assert.Equal(message.Duration, lab.Player.Position);
    }

    [Fact]
    public async Task Speed_changed_while_playing_keeps_pitch_and_makes_no_click()
    {
        var tone = Enumerable.Range(0, 48_000 * 6).Select(i => (float)(0.5 * Math.Sin(2 * Math.PI * 220 * i / 48_000))).ToArray();
        await using var lab = await new PlayerLab().PlayAsync(PlayerLab.Message(tone));
        foreach (var speed in new[] { 1, 1.5, 2, 1, 0.5, 3 })
        {
            lab.Player.Speed = speed;
            lab.Take(24_000);
        }

        var heard = lab.Output.Played[4_800..];
        // A 220 Hz tone bends by no more than a (2 π f / rate)² between samples; a step would be far above.
        var bend = 0.5 * Math.Pow(2 * Math.PI * 220 / 48_000, 2);
        var worst = Enumerable.Range(1, heard.Length - 2).Max(i => Math.Abs(heard[i - 1] - 2 * heard[i] + heard[i + 1]));
        Assert.InRange(worst, bend * 0.9, bend * 4);
        var crossings = Enumerable.Range(1, heard.Length - 1).Count(i => heard[i - 1] < 0 && heard[i] >= 0);
        Assert.Equal(220, crossings * 48_000.0 / heard.Length, 1.5);
    }

    [Fact]
    public async Task Position_stays_right_over_changes_of_speed()
    {
        var message = PlayerLab.Voice(480_000);
        await using var lab = await new PlayerLab().PlayAsync(message);
        lab.Output.LatencyFrames = 4_800;
        double truth = 0;
        foreach (var speed in new[] { 2, 0.5, 3, 1 })
        {
            // All that is in the ring was made at the speed before.
            var start = lab.Player.Position;
            lab.Player.Speed = speed;
            lab.Take(48_000);
            var from = lab.Player.Position.TotalSeconds;
            lab.Take(24_000);
            Assert.Equal(speed * 0.5, lab.Player.Position.TotalSeconds - from, 0.001);
            Assert.True(lab.Player.Position > start);
            truth = lab.Player.Position.TotalSeconds;
        }

        await lab.Player.PauseAsync();
        Assert.Equal(truth, lab.Player.Position.TotalSeconds, 1e-6);
    }

    [Fact]
    public async Task Volume_changes_within_10_ms_and_without_a_step()
    {
        var tone = Enumerable.Range(0, 96_000).Select(i => (float)(0.25 * Math.Sin(2 * Math.PI * 440 * i / 48_000))).ToArray();
        var message = PlayerLab.Message(tone);
        var linear = PlayerLab.Decode(message);
        await using var lab = await new PlayerLab().PlayAsync(message);
        lab.Take(24_000);
        lab.Player.Volume = 0.25;
        lab.Take(24_000);
        lab.Player.Volume = 2;
        lab.Take(24_000);
        var heard = lab.Output.Played;
        Assert.Equal(linear[..24_000], heard[..24_000]);
        for (var i = 24_480; i < 48_000; i++)
            Assert.Equal(linear[i] * 0.25f, heard[i]);
        for (var i = 48_000 + 840; i < 72_000; i++)
            Assert.Equal(linear[i] * 2, heard[i]);
        var steps = Enumerable.Range(24_000, 480).Max(i => Math.Abs(heard[i] - heard[i - 1]));
        Assert.InRange(steps, 0, 0.25 * 2 * Math.PI * 440 / 48_000 * 1.1);
        Assert.Throws<ArgumentOutOfRangeException>(() => lab.Player.Volume = 2.01);
        Assert.Throws<ArgumentOutOfRangeException>(() => lab.Player.Volume = double.NaN);
    }

    [Fact]
    public async Task Message_that_grows_is_heard_while_it_does_and_an_underrun_is_silence_that_is_counted()
    {
        var growing = true;
        var bytes = Pcm.Encode(Signals.Voice(480_000), new AudioFormat(48_000, 1));
        var half = bytes.Length / 2;
        var stream = new SharedStream(bytes.AsSpan(0, half));
        var options = new OpusReaderOptions
        {
            IsGrowing = () => Volatile.Read(ref growing),
            PollInterval = TimeSpan.FromMilliseconds(1),
        };
        await using var lab = new PlayerLab();
        await lab.Player.LoadAsync(stream, options);
        await lab.Player.PlayAsync();
        while (lab.Player.Underruns == 0)
        {
            Assert.True(SpinWait.SpinUntil(() => stream.IsReadToTheEnd || lab.Player.IsSettled, PlayerLab.Patience));
            lab.Output.Take(48);
        }

        var at = lab.Player.Position;
        var known = (int)Math.Round(at.TotalSeconds * 48_000);
        Assert.InRange(known, 96_000, 300_000);
        lab.Output.Take(4_800);
        Assert.Equal((at, 1), (lab.Player.Position, lab.Player.Underruns));
        Assert.InRange(lab.Player.Duration, at, TimeSpan.FromSeconds(8));

        // A seek does not wait for what is still to come.
        await lab.Player.SeekAsync(TimeSpan.Zero);
        stream.Append(bytes.AsSpan(half));
        Volatile.Write(ref growing, false);
        var all = Pcm.Decode(bytes);
        Assert.Equal(all, lab.TakeAll()[^480_000..]);
        await lab.EndAsync();
        Assert.Equal(TimeSpan.FromSeconds(10), lab.Player.Duration);
    }

    [Fact]
    public async Task Positions_and_states_are_told_in_order_from_handlers_that_may_call_back()
    {
        await using var lab = new PlayerLab();
        var states = new List<PlaybackState>();
        var positions = new List<TimeSpan>();
        var replayed = new TaskCompletionSource();
        var told = new SemaphoreSlim(0);
        lab.Player.StateChanged += (_, progress) =>
        {
            states.Add(progress.State);
            if (progress.State != PlaybackState.Ended)
                return;
            lab.Player.PlayAsync().Wait();
            replayed.TrySetResult();
        };
        lab.Player.PositionChanged += (_, progress) =>
        {
            positions.Add(progress.Position);
            told.Release();
        };
        await lab.PlayAsync(PlayerLab.Voice(48_000));
        for (var i = 0; i < 20; i++)
        {
            lab.Take(1_600);
            lab.Clock.Advance(TimeSpan.FromSeconds(1) / 30);
            Assert.True(await told.WaitAsync(PlayerLab.Patience));
        }

        Assert.Equal(20, positions.Count);
        Assert.Equal(Enumerable.Range(1, 20).Select(n => lab.Output.Format.DurationOf(1_600 * n)), positions);
        lab.TakeAll();
        lab.Output.End();
        await replayed.Task.WaitAsync(PlayerLab.Patience);
        Assert.Equal(TimeSpan.Zero, lab.Player.Position);
        Assert.Equal([PlaybackState.Ready, PlaybackState.Playing, PlaybackState.Ended], states[..3]);
    }

    [Fact]
    public async Task Device_thread_and_decoder_allocate_nothing_while_playing()
    {
        await using var lab = new PlayerLab();
        lab.Player.Speed = 1.5;
        lab.Player.SkipSilence = true;
        await lab.PlayAsync(PlayerLab.Voice(48_000 * 20));
        var buffer = new float[480];
        for (var i = 0; i < 50; i++)
            TakeOnce();
        for (var i = 0; i < 100; i++)
            lab.Output.Take(buffer);
        var decoder = lab.Player.DecoderAllocatedBytes;
        var device = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 800; i++)
            lab.Output.Take(buffer);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - device);
        for (var i = 0; i < 800; i++)
            TakeOnce();
        Assert.True(lab.Player.Position > TimeSpan.FromSeconds(9));
        Assert.Equal(0, lab.Player.DecoderAllocatedBytes - decoder);

        void TakeOnce()
        {
            lab.Settle();
            lab.Output.Take(buffer);
        }
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        // A decoder that begins in the middle differs by what its prediction has not forgotten.
        var error = expected.Zip(actual, (a, b) => (double)(a - b) * (a - b)).Sum();
        var power = expected.Sum(a => (double)a * a);
        Assert.InRange(10 * Math.Log10(error / power + 1e-12), -120, -30);
    }
}
