namespace VoiceKit.Ogg;

/// <summary>A page that holds a piece of the tags.</summary>
/// <param name="Offset">Where the page is in the input.</param>
/// <param name="Size">The size of the page.</param>
/// <param name="PieceAt">Where the piece is in the page.</param>
/// <param name="PieceSize">The size of the piece.</param>
internal readonly record struct OggOpusTagPage(long Offset, int Size, int PieceAt, int PieceSize);
