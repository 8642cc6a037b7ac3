using System.Security.Cryptography;

namespace VoiceKit.Profiles;

/// <summary>
/// WhatsApp's streaming sidecar: for each 64 KiB of vector and encrypted file, the first 10 bytes of the HMAC-SHA256 of them and
/// of the 16 bytes behind them.
/// </summary>
internal sealed class AttachmentSidecar(byte[] macKey) : IDisposable
{
    private const int Piece = 64 * 1024;
    private const int Overlap = 16;
    private const int TagLength = 10;

    private readonly MemoryStream _tags = new();
    private IncrementalHash _current = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, macKey);
    private IncrementalHash _next = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, macKey);
    private int _filled;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var limit = _filled < Piece ? Piece : Piece + Overlap;
            var part = bytes[..Math.Min(bytes.Length, limit - _filled)];
            _current.AppendData(part);
            if (_filled >= Piece)
                _next.AppendData(part);
            _filled += part.Length;
            bytes = bytes[part.Length..];
            if (_filled == Piece + Overlap)
                EndPiece();
        }
    }

    /// <summary>Ends the last piece and gives all tags, one behind the other.</summary>
    public byte[] ToArray()
    {
        if (_filled > Piece)
            EndPiece();
        if (_filled > 0)
            EndPiece();
        return _tags.ToArray();
    }

    public void Dispose()
    {
        _current.Dispose();
        _next.Dispose();
    }

    private void EndPiece()
    {
        _tags.Write(_current.GetHashAndReset().AsSpan(0, TagLength));
        (_current, _next) = (_next, _current);
        _filled = Math.Max(0, _filled - Piece);
    }
}
