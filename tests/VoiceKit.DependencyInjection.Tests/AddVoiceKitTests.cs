using Microsoft.Extensions.DependencyInjection;
using VoiceKit.Audio;
using VoiceKit.FFmpeg;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Playback;
using VoiceKit.Profiles;
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
            b => b.UseLibOpus().UsePulseAudio().UseFFmpeg().Configure(options => options.Store.Folder = folder["store"]));
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
        await using (var provider = Services.Build(b => b.Configure(options => options.Store.Folder = folder["store"])))
            store = provider.GetRequiredService<IVoiceMessageStore>();
        Assert.Throws<ObjectDisposedException>(() => store.Changed += (_, _) => { });
    }

    [Fact]
    public async Task Devices_are_connected_to_when_they_are_asked_for_and_anew_after_a_failure()
    {
        var devices = new FakeAudioDevices();
        var attempts = 0;
        await using var provider = Services.Build(b => b.UseAudioDevices((_, _) =>
            ++attempts == 1 ? throw new AudioDeviceException("No server.", null, AudioDeviceFault.ServiceUnavailable) : new(devices)));
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
            options.Encoding.Profile = "WhatsApp";
            options.Recording.DraftFolder = folder["drafts"];
            options.Recording.MinDuration = TimeSpan.FromMilliseconds(500);
            options.Store.Folder = folder["store"];
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
        Assert.Equal(42_000, message!.Info.Samples);
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
        public int Disposals { get; private set; }

        public string Name => "counted";

        public IOpusEncoder CreateEncoder(OpusEncoderOptions options) => LibOpusCodec.Default.CreateEncoder(options);

        public IOpusDecoder CreateDecoder(int sampleRate, int channels) => LibOpusCodec.Default.CreateDecoder(sampleRate, channels);

        public void Dispose() => Disposals++;
    }
}
