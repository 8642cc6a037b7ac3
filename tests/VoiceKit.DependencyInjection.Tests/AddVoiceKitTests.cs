using Microsoft.Extensions.DependencyInjection;
using VoiceKit.Audio;
using VoiceKit.Concentus;
using VoiceKit.FFmpeg;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Playback;
using VoiceKit.Profiles;
using VoiceKit.PulseAudio;
using VoiceKit.Recording;
using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.DependencyInjection.Tests;

public class AddVoiceKitTests
{
    [Fact]
    public async Task Every_service_is_there_and_there_once()
    {
        using var folder = new TemporaryFolder();
        var services = new ServiceCollection().AddVoiceKit(
            b => b.UseLibOpus().UsePulseAudio().UseFFmpeg().Configure(options => options.StoreFolder = folder["store"]));
        await using var provider = services.Build();
        foreach (var type in services.Select(service => service.ServiceType).Where(IsOurs))
        {
            var service = provider.GetRequiredService(type);
            using var scope = provider.CreateScope();
            Assert.Same(service, scope.ServiceProvider.GetRequiredService(type));
        }

        Assert.Same(LibOpusCodec.Default, provider.GetRequiredService<IOpusCodec>());
        Assert.IsType<FFmpegDecoder>(provider.GetRequiredService<IAudioDecoder>());
        Assert.Equal(folder["store"], Assert.IsType<VoiceMessageStore>(provider.GetRequiredService<IVoiceMessageStore>()).Folder);
        Assert.NotNull(provider.GetRequiredService<IVoiceImporter>());
        Assert.NotNull(provider.GetRequiredService<IVoiceRecorderFactory>());
        Assert.NotNull(provider.GetRequiredService<IVoicePlayerFactory>());

        static bool IsOurs(Type type) => type.FullName!.StartsWith("VoiceKit.", StringComparison.Ordinal);
    }

    [Fact]
    public void Called_twice_it_adds_nothing_twice_and_the_later_choice_counts()
    {
        var services = new ServiceCollection().AddVoiceKit(b => b.UseLibOpus().UsePulseAudio().UseFFmpeg());
        var types = services.Select(service => service.ServiceType).Where(IsOne).Order(Comparer).ToArray();
        var own = new CountedCodec();
        services.AddVoiceKit(b => b.UseCodec(own).UsePulseAudio().UseFFmpeg());
        Assert.Equal(types, services.Select(service => service.ServiceType).Where(IsOne).Order(Comparer));
        using var provider = services.Build();
        Assert.Same(own, Assert.Single(provider.GetServices<IOpusCodec>()));
        own.CreateEncoder(new OpusEncoderOptions()).Dispose();
    }

    [Fact]
    public async Task What_the_container_makes_it_disposes_and_nothing_else()
    {
        var own = new CountedCodec();
        using (var provider = Services.Build(b => b.UseCodec(own)))
            _ = provider.GetRequiredService<IOpusCodec>();
        Assert.Equal(0, own.Disposals);

        CountedCodec made;
        using (var provider = Services.Build(b => b.UseCodec<CountedCodec>()))
            made = (CountedCodec)provider.GetRequiredService<IOpusCodec>();
        Assert.Equal(1, made.Disposals);

        using (var provider = Services.Build(b => b.UseCodec(_ => new CountedCodec())))
            made = (CountedCodec)provider.GetRequiredService<IOpusCodec>();
        Assert.Equal(1, made.Disposals);

        var (given, opened) = (new FakeAudioDevices(), new FakeAudioDevices());
        using (var provider = Services.Build(b => b.UseAudioDevices(given)))
            await provider.GetRequiredService<IAudioDevices>().ListAsync();
        Assert.False(given.IsDisposed);
        using (var provider = Services.Build(b => b.UseAudioDevices((_, _) => new(opened))))
            await provider.GetRequiredService<IAudioDevices>().ListAsync();
        Assert.True(opened.IsDisposed);
    }

    [Fact]
    public async Task A_store_is_disposed_with_the_container()
    {
        using var folder = new TemporaryFolder();
        IVoiceMessageStore store;
        await using (var provider = Services.Build(b => b.Configure(options => options.StoreFolder = folder["store"])))
            store = provider.GetRequiredService<IVoiceMessageStore>();
        Assert.Throws<ObjectDisposedException>(() => store.Changed += (_, _) => { });
    }

    [Fact]
    public async Task Devices_are_connected_to_when_they_are_asked_for_and_anew_after_a_failure()
    {
        var devices = new FakeAudioDevices();
        var attempts = 0;
        await using var provider = Services.Build(b => b.UseAudioDevices((_, _) =>
            ++attempts == 1
                ? throw new AudioDeviceException("No server.", null, AudioDeviceFault.ServiceUnavailable)
                : new(devices)));
        var service = provider.GetRequiredService<IAudioDevices>();
        var changes = 0;
        service.Changed += (_, _) => changes++;
        Assert.Equal(0, attempts);
        await Assert.ThrowsAsync<AudioDeviceException>(async () => await service.ListAsync());
        Assert.Equal("mic", Assert.Single(await service.ListAsync()).Id);
        Assert.Same(devices.Output, await service.OpenOutputAsync("speaker"));
        Assert.Equal(("speaker", 2), (devices.AskedFor, attempts));
        Assert.Same(devices.Input, await service.OpenLoopbackAsync());
        devices.Change();
        Assert.Equal(1, changes);

        await provider.DisposeAsync();
        devices.Change();
        Assert.Equal(1, changes);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await service.ListAsync());
    }

    [Fact]
    public async Task What_is_not_chosen_is_said_where_it_is_needed()
    {
        await using var provider = Services.Build(_ => { });
        var codec = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<IVoiceImporter>());
        Assert.Contains("UseLibOpus", codec.Message, StringComparison.Ordinal);
        var store = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<IVoiceMessageStore>());
        Assert.Contains("Store:Folder", store.Message, StringComparison.Ordinal);

        await using var silent = Services.Build(b => b.UseLibOpus());
        var recorders = silent.GetRequiredService<IVoiceRecorderFactory>();
        var devices = await Assert.ThrowsAsync<InvalidOperationException>(() => recorders.CreateAsync());
        Assert.Contains("UseAudioDevices", devices.Message, StringComparison.Ordinal);
        var players = silent.GetRequiredService<IVoicePlayerFactory>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => players.CreateAsync());
    }

    [Fact]
    public async Task What_only_decodes_needs_no_codec()
    {
        await using var provider = Services.Build(b => b.UseAudioDevices(new FakeAudioDevices()));
        await using var player = await provider.GetRequiredService<IVoicePlayerFactory>().CreateAsync();
        await player.LoadAsync(
            await VoiceMessage.EncodeAsync(Signals.Voice(48_000), new AudioFormat(48_000, 1), LibOpusCodec.Default));
        Assert.Equal(PlaybackState.Ready, player.State);
    }

    [Fact]
    public async Task An_apps_own_encoder_factory_and_decoder_factory_are_used()
    {
        var own = new CountedCodec();
        var services = new ServiceCollection().AddSingleton<IOpusEncoderFactory>(own).AddSingleton<IOpusDecoderFactory>(own);
        await using var provider = services.AddVoiceKit(b => b.UseAudioDevices(new FakeAudioDevices())).Build();
        var encoder = provider.GetRequiredService<IVoiceEncoder>();
        var message = await encoder.EncodeAsync(Signals.Voice(48_000), new AudioFormat(48_000, 1));
        Assert.Equal("counted", message.Tags.Vendor);
        Assert.Equal((1, 0), (own.Encoders, own.Decoders));
        await using var player = await provider.GetRequiredService<IVoicePlayerFactory>().CreateAsync();
        await player.LoadAsync(message);
        await player.PlayAsync();
        Assert.Equal(1, own.Decoders);
    }

    [Fact]
    public void Each_package_brings_its_own_choice_and_this_one_needs_none_of_them()
    {
        Assert.Same(LibOpusCodec.Default, CodecOf(b => b.UseLibOpus()));
        Assert.Same(ConcentusCodec.Default, CodecOf(b => b.UseConcentus()));
        Assert.Same(VoiceCodec.Default, CodecOf(b => b.UseSystem()));
        using var provider = Services.Build(b => b.UseSystem().UseFFmpeg());
        Assert.NotNull(provider.GetRequiredService<IAudioDevices>());
        Assert.IsType<FFmpegDecoder>(provider.GetRequiredService<IAudioDecoder>());

        var needed = typeof(VoiceKitBuilder).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!);
        Assert.Equal(["VoiceKit.Core"], needed.Where(name => name.StartsWith("VoiceKit", StringComparison.Ordinal)));

        static IOpusCodec CodecOf(Action<VoiceKitBuilder> choose)
        {
            using var provider = Services.Build(choose);
            return provider.GetRequiredService<IOpusCodec>();
        }
    }

    [Fact]
    public void Options_of_the_apps_own_are_used()
    {
        var own = new VoiceRecorderOptions { Drafts = null };
        using var provider = new ServiceCollection().AddSingleton(own).AddVoiceKit(b => b.UseLibOpus()).Build();
        Assert.Same(own, Assert.Single(provider.GetServices<VoiceRecorderOptions>()));
    }

    [Fact]
    public async Task A_message_is_recorded_encoded_stored_and_played()
    {
        using var folder = new TemporaryFolder();
        var devices = new FakeAudioDevices();
        await using var provider = Services.Build(b => b.UseLibOpus().UseAudioDevices(devices).Configure(options =>
        {
            options.Encoding = VoiceProfile.WhatsApp.ToEncodingOptions();
            options.DraftFolder = folder["drafts"];
            options.Recording = options.Recording with
            {
                MinDuration = TimeSpan.FromMilliseconds(500), DeviceTimeout = TimeSpan.FromMinutes(2),
            };
            options.StoreFolder = folder["store"];
        }));

        VoiceMessage? message;
        await using (var recorder = await provider.GetRequiredService<IVoiceRecorderFactory>().CreateAsync("mic"))
        {
            await recorder.StartAsync();
            Assert.Single(provider.GetRequiredService<VoiceDrafts>().List());
            devices.Input.Hear(Signals.Voice(42_000), 960);
            message = await recorder.FinishAsync();
            recorder.DeleteDraft();
        }

        Assert.Equal("mic", devices.AskedFor);
        Assert.True(devices.Input.IsDisposed);
        Assert.Equal(TimeSpan.FromSeconds(0.875), message!.Duration);
        Assert.Equal(VoiceProfile.WhatsApp.FrameDuration, message.Info.PacketDuration);
        Assert.Empty(Directory.GetFiles(folder["drafts"]));

        var store = provider.GetRequiredService<IVoiceMessageStore>();
        var stored = await store.AddAsync(message);
        Assert.Equal(message.Duration, Assert.Single(await store.ListAsync().ToListAsync()).Duration);

        await using var player = await provider.GetRequiredService<IVoicePlayerFactory>().CreateAsync();
        await player.LoadAsync((await store.OpenAsync(stored.Id))!);
        await player.PlayAsync();
        Assert.Equal(PlaybackState.Playing, player.State);
        Assert.True(devices.Output.IsStarted);
    }

    private static IComparer<Type> Comparer { get; } =
        Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.FullName, b.FullName));

    // What changes the options may be there any number of times.
    private static bool IsOne(Type type) => !type.FullName!.Contains("IConfigureOptions", StringComparison.Ordinal);

    private sealed class CountedCodec : IOpusCodec, IDisposable
    {
        private int _encoders;
        private int _decoders;

        public int Disposals { get; private set; }

        public int Encoders => Volatile.Read(ref _encoders);

        public int Decoders => Volatile.Read(ref _decoders);

        public string Name => "counted";

        public IOpusEncoder CreateEncoder(OpusEncoderOptions options)
        {
            Interlocked.Increment(ref _encoders);
            return LibOpusCodec.Default.CreateEncoder(options);
        }

        public IOpusDecoder CreateDecoder(int sampleRate, int channels)
        {
            Interlocked.Increment(ref _decoders);
            return LibOpusCodec.Default.CreateDecoder(sampleRate, channels);
        }

        public void Dispose() => Disposals++;
    }
}
