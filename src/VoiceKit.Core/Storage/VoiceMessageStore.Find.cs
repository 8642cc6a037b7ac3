using System.Runtime.ExceptionServices;

namespace VoiceKit.Storage;

public sealed partial class VoiceMessageStore
{
    private StoredVoiceMessage? Get(string id, CancellationToken cancellationToken)
    {
        using var held = TakeLockToRead(cancellationToken);
        return Find(id, cancellationToken).OrThrow();
    }

    // The caller has the lock. Files that were changed by hand are not what the index says.
    private Found Find(string id, CancellationToken cancellationToken)
    {
        if (!StoreTags.IsId(id))
            return default;
        foreach (var entry in _index.Find(id, cancellationToken))
        {
            var message = TryRead(entry, out var fault, cancellationToken);
            if (!IsOf(message, entry))
                _index.Correct(entry);
            if (message?.Id == id)
                return new Found(message, fault);
        }

        return FindUnread(id, cancellationToken);
    }

    // Files that could not be read before may be so now. As long as one cannot, it may be the one that is looked for.
    private Found FindUnread(string id, CancellationToken cancellationToken)
    {
        foreach (var entry in _index.FindUnread(cancellationToken))
        {
            var message = TryRead(entry, out var fault, cancellationToken);
            if (fault is not null)
            {
                var text = $"The message '{id}' is not among those that can be read, and '{entry.PathInStore}' cannot be read.";
                return new Found(null, new IOException($"{text} {fault.Message}", fault));
            }

            _index.Correct(entry);
            if (message?.Id == id)
                return new Found(message, null);
        }

        return default;
    }

    /// <summary>What was found of an id.</summary>
    /// <param name="Message">The message, which may be one that cannot be read; null when none is known.</param>
    /// <param name="Fault">Why it cannot be read, or why it is not known whether there is one; null when all is well.</param>
    private readonly record struct Found(StoredVoiceMessage? Message, Exception? Fault)
    {
        /// <summary>The message, which can be read; null when there is none.</summary>
        public StoredVoiceMessage? OrThrow()
        {
            if (Fault is not null)
                ExceptionDispatchInfo.Throw(Fault);
            return Message;
        }

        /// <summary>The message, whether it can be read or not; null when there is none.</summary>
        public StoredVoiceMessage? OrThrowIfUnknown() => Message ?? OrThrow();
    }
}
