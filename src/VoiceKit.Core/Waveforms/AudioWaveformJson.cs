using System.Text.Json;

namespace VoiceKit.Waveforms;

/// <summary>The JSON of <see cref="AudioWaveformFile"/>.</summary>
internal ref struct AudioWaveformJson
{
    // The first sample that does not fit into 8 bits; −1 when there is none.
    private long _firstWide = -1;
    private Utf8JsonReader _reader;

    /// <summary>Reads the fields; those that are not there are 0, but for the channels, of which there is 1 then.</summary>
    /// <exception cref="VoiceFormatException">The text is no JSON object, or a field is of another type.</exception>
    public AudioWaveformJson(ReadOnlySpan<byte> utf8)
    {
        _reader = new Utf8JsonReader(utf8);
        try
        {
            ReadObject(utf8);
        }
        catch (JsonException exception)
        {
            throw new VoiceFormatException("The JSON is broken.", _reader.BytesConsumed, exception);
        }

        if (Bits == 8 && _firstWide >= 0)
            throw new VoiceFormatException("A sample has more than 8 bits.", _firstWide);
    }

    public int SampleRate { get; private set; }

    public int SamplesPerPixel { get; private set; }

    public int Bits { get; private set; }

    public int Channels { get; private set; } = 1;

    public int Length { get; private set; }

    public short[] Data { get; private set; } = [];

    public static byte[] Write(AudioWaveformFile file)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 2);
            json.WriteNumber("channels", file.Channels);
            json.WriteNumber("sample_rate", file.SampleRate);
            json.WriteNumber("samples_per_pixel", file.SamplesPerPixel);
            json.WriteNumber("bits", file.Bits);
            json.WriteNumber("length", file.Length);
            json.WriteStartArray("data");
            foreach (var sample in file.Data)
                json.WriteNumberValue(sample);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private void ReadObject(ReadOnlySpan<byte> utf8)
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
            throw new VoiceFormatException("This is no JSON object.", _reader.TokenStartIndex);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            ReadField(utf8);
        _reader.Read(); // Throws where something stands behind the object.
    }

    private void ReadField(ReadOnlySpan<byte> utf8)
    {
        if (_reader.ValueTextEquals("version"u8))
            CheckVersion(ReadNumber());
        else if (_reader.ValueTextEquals("channels"u8))
            Channels = ReadNumber();
        else if (_reader.ValueTextEquals("sample_rate"u8))
            SampleRate = ReadNumber();
        else if (_reader.ValueTextEquals("samples_per_pixel"u8))
            SamplesPerPixel = ReadNumber();
        else if (_reader.ValueTextEquals("bits"u8))
            Bits = ReadNumber();
        else if (_reader.ValueTextEquals("length"u8))
            Length = ReadNumber();
        else if (_reader.ValueTextEquals("data"u8))
            ReadData(utf8);
        else
            _reader.Skip();
    }

    private readonly void CheckVersion(int version)
    {
        if (version is not (1 or 2))
            throw new VoiceFormatException($"This is waveform data of version {version}, not 1 or 2.", _reader.TokenStartIndex);
    }

    private int ReadNumber()
    {
        _reader.Read();
        return Number();
    }

    private readonly int Number() => _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out var number)
        ? number
        : throw new VoiceFormatException("Here must be a whole number.", _reader.TokenStartIndex);

    // A sample takes two bytes of text or more, its comma included, so there is never more memory than text.
    private void ReadData(ReadOnlySpan<byte> utf8)
    {
        if (Data.Length > 0)
            throw new VoiceFormatException("There is data already.", _reader.TokenStartIndex);
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartArray)
            throw new VoiceFormatException("The data is no array.", _reader.TokenStartIndex);
        var start = _reader.TokenStartIndex;
        var counter = _reader;
        counter.Skip();
        var data = new short[utf8[(int)start..(int)counter.BytesConsumed].Count((byte)',') + 1];

        var count = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            var sample = Number();
            if (sample != (short)sample)
                throw new VoiceFormatException("A sample has more than 16 bits.", _reader.TokenStartIndex);
            if (sample != (sbyte)sample && _firstWide < 0)
                _firstWide = _reader.TokenStartIndex;
            data[count++] = (short)sample;
        }

        Data = count == data.Length ? data : data[..count];
    }
}
