using System.Buffers;
using System.Buffers.Binary;
using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// Reads an Ogg Opus file up to its tags, or copies all of it with other tags. All that is not the tags is copied as it is, but
/// for the sequence numbers of the pages that follow them in their logical stream.
/// </summary>
internal sealed class OggOpusTagCopier : IDisposable
{
    private const int WriteSize = 64 * 1024;

    private readonly Stream _input;
    private readonly Stream? _output;
    private readonly OggOpusTagEditOptions _options;
    private readonly bool _isAsync;
    private readonly CancellationToken _cancellationToken;

    // What is copied and not yet written.
    private readonly ArrayBufferWriter<byte> _written = new();
    private readonly OpusDefectLog _defects = new(isStrict: false);
    private readonly OggPageSync _sync;
    private readonly OggOpusTagFinder _finder;
    private byte[] _page = [];
    private uint _shift;

    /// <param name="input">Where to read.</param>
    /// <param name="output">Where to copy; null to read only.</param>
    /// <param name="options">Which link is meant, and what its new tags are like.</param>
    /// <param name="isAsync">Whether the streams are read and written asynchronously.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public OggOpusTagCopier(
        Stream input, Stream? output, OggOpusTagEditOptions options, bool isAsync, CancellationToken cancellationToken)
    {
        _isAsync = isAsync;
        _cancellationToken = cancellationToken;
        _input = input;
        _output = output;
        _options = options;
        _sync = new OggPageSync(_defects) { AcceptsBadPage = true, Skipped = Write };
        _finder = new OggOpusTagFinder(options.Link, options.MaxTagsSize);
    }

    public OggOpusTagFinder Finder => _finder;

    public IReadOnlyList<OpusDefect> Defects => _defects.Listed;

    /// <summary>Reads, and copies, up to the end of the tags.</summary>
    /// <exception cref="VoiceFormatException">There are no tags, or none that can be edited.</exception>
    public async ValueTask<OpusTags> ReadTags()
    {
        while (await Next().ConfigureAwait(false))
        {
            var kind = _finder.Push(_sync.Page, _sync.PageOffset);
            _sync.AcceptsBadPage = _finder.LinkCount == 0;
            if (kind == OggOpusTagFinder.Kind.TagsEnd)
                return Parse();
            if (kind == OggOpusTagFinder.Kind.Other)
                Write(_sync.Page.Data);
        }

        throw new VoiceFormatException(
            _finder.LinkCount == 0 ? "This is not Ogg Opus: no page with an OpusHead was found."
            : _finder.LinkCount <= _options.Link ? $"The file has {_finder.LinkCount} links: there is no link {_options.Link}."
            : "The file ends before the end of the OpusTags.",
            _finder.LinkCount == 0 ? 0 : _sync.Consumed);
    }

    /// <summary>Writes tags in the place of those that were read, and copies the rest.</summary>
    public async ValueTask WriteTagsAndRest(OpusTags tags)
    {
        WriteTags(tags.ToPacket(tags.BinaryData.IsEmpty ? _options.Padding : 0));
        while (await Next().ConfigureAwait(false))
        {
            var kind = _finder.Push(_sync.Page, _sync.PageOffset);
            if (kind == OggOpusTagFinder.Kind.BehindTags && _shift != 0)
                WriteShifted(_sync.Page.Data);
            else
                Write(_sync.Page.Data);
        }

        await Drain().ConfigureAwait(false);
        if (_isAsync)
            await _output!.FlushAsync(_cancellationToken).ConfigureAwait(false);
        else
            _output!.Flush();
    }

    public void Dispose()
    {
        _finder.Dispose();
        _sync.Dispose();
    }

    private async ValueTask<bool> Next()
    {
        while (true)
        {
            var status = _sync.Next();
            if (status != OggSyncStatus.NeedData)
                return status == OggSyncStatus.Page;
            _cancellationToken.ThrowIfCancellationRequested();
            if (_written.WrittenCount >= WriteSize)
                await Drain().ConfigureAwait(false);
            var space = _sync.GetFreeSpace();
            _sync.Advance(_isAsync
                ? await _input.ReadAsync(space, _cancellationToken).ConfigureAwait(false)
                : _input.Read(space.Span));
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (_output is not null)
            _written.Write(bytes);
    }

    private async ValueTask Drain()
    {
        if (_isAsync)
            await _output!.WriteAsync(_written.WrittenMemory, _cancellationToken).ConfigureAwait(false);
        else
            _output!.Write(_written.WrittenSpan);
        _written.ResetWrittenCount();
    }

    private OpusTags Parse()
    {
        var tags = OpusTags.Parse(_finder.Packet, out var fault);
        if (fault is null)
            return tags;
        var offset = _finder.Pages[0].Offset;
        if (tags.CommentCount >= OpusTags.MaxComments)
            throw new VoiceFormatException($"OpusTags: {fault}: they cannot be edited without losing the others.", offset);
        _defects.Add(offset, OpusDefectKind.BadTags, $"OpusTags: {fault} (RFC 7845 §5.2).");
        return tags;
    }

    // The new pages stand where the last of the old ones did: pages of other streams among the old ones are written by then.
    private void WriteTags(ReadOnlySpan<byte> packet)
    {
        var last = _sync.Page;
        var hasRest = _finder.LastSegments < last.Lacing.Length;
        var builder = new OggPageBuilder(last.Serial, _finder.FirstSequence);
        var count = 1u;
        while (true)
        {
            var (taken, isWhole) = builder.Add(packet);
            if (isWhole)
                break;
            packet = packet[taken..];
            builder.End(OggPage.NoGranule, OggPageFlags.None, nextIsContinued: true);
            count++;
        }

        builder.End(0, last.IsLast && !hasRest ? OggPageFlags.EndOfStream : OggPageFlags.None);
        Write(builder.Output.Span);
        _shift = count - (uint)_finder.Pages.Count;
        if (hasRest)
            WriteRestOfPage(last);
    }

    // Audio on the page on which the tags end gets a page of its own, as RFC 7845 §3 has it.
    private void WriteRestOfPage(OggPage page)
    {
        var segments = _finder.LastSegments;
        var piece = _finder.Pages[^1];
        var header = page.Data[..OggPage.HeaderSize].ToArray();
        header[OggPage.FlagsAt] = (byte)(page.Flags & ~OggPageFlags.Continued);
        header[OggPage.SegmentCountAt] = (byte)(page.Lacing.Length - segments);
        byte[] rest = [.. header, .. page.Lacing[segments..], .. page.Data[(piece.PieceAt + piece.PieceSize)..]];
        _shift++;
        WriteShifted(rest);
    }

    private void WriteShifted(ReadOnlySpan<byte> data)
    {
        if (_page.Length == 0)
            _page = new byte[OggPage.MaxSize];
        var page = _page.AsSpan(0, data.Length);
        data.CopyTo(page);
        var sequence = BinaryPrimitives.ReadUInt32LittleEndian(page[OggPage.SequenceAt..]);
        BinaryPrimitives.WriteUInt32LittleEndian(page[OggPage.SequenceAt..], sequence + _shift);
        BinaryPrimitives.WriteUInt32LittleEndian(page[OggPage.ChecksumAt..], OggPage.ComputeChecksum(page));
        Write(page);
    }
}
