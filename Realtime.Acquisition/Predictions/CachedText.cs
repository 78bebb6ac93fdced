using System.Text;

namespace Realtime.Acquisition.Predictions;

/// <summary>
/// A string that is made anew only when its bytes change, so that reading the same text in every message allocates nothing.
/// </summary>
internal struct CachedText()
{
    private readonly byte[] _utf8 = new byte[PredictionSchema.MaxTextBytes];
    private int _length;

    public string Value { get; private set; } = "";

    /// <summary>Takes text of at most <see cref="PredictionSchema.MaxTextBytes"/> bytes.</summary>
    public void Set(ReadOnlySpan<byte> utf8)
    {
        if (utf8.SequenceEqual(_utf8.AsSpan(0, _length))) return;
        utf8.CopyTo(_utf8);
        _length = utf8.Length;
        Value = Encoding.UTF8.GetString(utf8);
    }
}
