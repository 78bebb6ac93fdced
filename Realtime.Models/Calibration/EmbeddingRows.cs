using Realtime.Engine.Numerics;
using Realtime.Models.Weights;

namespace Realtime.Models.Calibration;

/// <summary>Gives a table of embeddings other rows. Any thread.</summary>
internal static class EmbeddingRows
{
    // Upstream's initial embeddings.
    private const double Sd = 0.02;

    /// <param name="name">The tensor.</param>
    /// <param name="values">[rows, width], as they are.</param>
    /// <param name="width">Numbers in a row.</param>
    /// <param name="from">For each new row the row that it is copied from; -1 for numbers drawn anew.</param>
    /// <param name="random">What is drawn is normal with sd 0.02.</param>
    public static TensorData Take(string name, float[] values, int width, IReadOnlyList<int> from, PortableRandom random)
    {
        var rows = new float[from.Count * width];
        for (var row = 0; row < from.Count; row++)
        {
            var target = rows.AsSpan(row * width, width);
            if (from[row] >= 0) values.AsSpan(from[row] * width, width).CopyTo(target);
            else
                foreach (ref var value in target) value = (float)(Sd * random.Normal());
        }

        return TensorData.Of(name, rows, from.Count, width);
    }
}
