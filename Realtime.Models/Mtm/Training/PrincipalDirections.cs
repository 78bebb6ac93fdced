using System.Numerics.Tensors;
using Realtime.Engine.Numerics;

namespace Realtime.Models.Mtm.Training;

/// <summary>Leading right singular vectors by orthogonal iteration. The same arguments give the same bits.</summary>
public static class PrincipalDirections
{
    private const int Rounds = 30;

    /// <param name="data">[rows, columns], centred; not changed.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="directions">How many at most; fewer come back where the data have fewer.</param>
    /// <param name="seed">Of the vectors to start from.</param>
    /// <returns>Unit vectors, [columns] each, the strongest first.</returns>
    public static double[][] Find(double[] data, int rows, int columns, int directions, ulong seed)
    {
        var random = new PortableRandom(seed, 0x706361);
        var found = Enumerable.Range(0, directions).Select(_ => Enumerable.Range(0, columns).Select(_ => random.Normal()).ToArray()).ToArray();
        var scores = new double[rows];
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var vector in found)
            {
                for (var row = 0; row < rows; row++) scores[row] = TensorPrimitives.Dot(data.AsSpan(row * columns, columns), vector);
                vector.AsSpan().Clear();
                for (var row = 0; row < rows; row++) TensorPrimitives.MultiplyAdd(data.AsSpan(row * columns, columns), scores[row], vector, vector);
            }

            found = Orthonormal(found);
        }

        return found;
    }

    /// <summary>By Gram and Schmidt, twice; what depends on those before is left out.</summary>
    private static double[][] Orthonormal(double[][] vectors)
    {
        var done = new List<double[]>();
        foreach (var vector in vectors)
        {
            var before = TensorPrimitives.Norm<double>(vector);
            for (var pass = 0; pass < 2; pass++)
                foreach (var other in done) TensorPrimitives.MultiplyAdd(other, -TensorPrimitives.Dot<double>(other, vector), vector, vector);
            var norm = TensorPrimitives.Norm<double>(vector);
            if (!(norm > 1e-9 * before)) continue;
            TensorPrimitives.Divide(vector, norm, vector);
            done.Add(vector);
        }

        return [.. done];
    }
}
