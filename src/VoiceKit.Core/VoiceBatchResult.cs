using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace VoiceKit;

/// <summary>What became of an item of a batch.</summary>
/// <typeparam name="TItem">The type of the item.</typeparam>
/// <typeparam name="TResult">The type of what is made of it.</typeparam>
public sealed class VoiceBatchResult<TItem, TResult>
{
    private readonly TResult? _value;

    internal VoiceBatchResult(TItem item, long index, TResult? value, Exception? error)
    {
        Item = item;
        Index = index;
        _value = value;
        Error = error;
    }

    /// <summary>The item.</summary>
    public TItem Item { get; }

    /// <summary>Its place among the items, from 0. Results come as they are ready, not in this order.</summary>
    public long Index { get; }

    /// <summary>Why nothing was made of it; null when something was.</summary>
    public Exception? Error { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>What was made of it.</summary>
    /// <exception cref="Exception">Nothing was: the <see cref="Error"/>.</exception>
    public TResult Value
    {
        get
        {
            if (Error is not null)
                ExceptionDispatchInfo.Throw(Error);
            return _value!;
        }
    }
}
