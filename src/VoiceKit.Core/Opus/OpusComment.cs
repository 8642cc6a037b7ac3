namespace VoiceKit.Opus;

/// <summary>One user comment of OpusTags: a name, whose case does not matter, and a value (RFC 7845 §5.2).</summary>
/// <param name="Name">ASCII from space to <c>}</c> without <c>=</c>, for example <c>TITLE</c>.</param>
/// <param name="Value">Any text.</param>
public readonly record struct OpusComment(string Name, string Value)
{
    /// <summary>
    /// Whether a name may be written: one character or more, each from space to <c>}</c> and none of them <c>=</c>.
    /// </summary>
    /// <param name="name">A name.</param>
    public static bool IsValidName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > 0 && name.All(c => c is >= ' ' and <= '}' and not '=');
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}={Value}";
}
