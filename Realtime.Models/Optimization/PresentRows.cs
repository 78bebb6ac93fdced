using System.Runtime.InteropServices;
using Realtime.Models.Differentiation;

namespace Realtime.Models.Optimization;

/// <summary>Which stretches of a parameter a step changes. Holds working memory: one thread at a time.</summary>
internal sealed class PresentRows
{
    private readonly List<(int First, int Length)> _stepped = [];
    private readonly List<(int First, int Length)> _absent = [];

    /// <summary>Stretches of numbers that are stepped, ascending.</summary>
    public ReadOnlySpan<(int First, int Length)> Stepped => CollectionsMarshal.AsSpan(_stepped);

    /// <summary>Rows of a table without gradient that are not stepped; never row 0.</summary>
    public ReadOnlySpan<(int First, int Length)> Absent => CollectionsMarshal.AsSpan(_absent);

    /// <summary>All of a dense parameter; of a row table all rows but row 0 and, unless the rule steps them, those without gradient.</summary>
    public void Find(Parameter parameter, ReadOnlySpan<float> gradient, AbsentRows rule)
    {
        _stepped.Clear();
        _absent.Clear();
        if (parameter.Kind != ParameterKind.RowTable)
        {
            _stepped.Add((0, gradient.Length));
            return;
        }

        var width = parameter.Width;
        for (var row = 1; row < parameter.Rows; row++)
        {
            var isAbsent = rule != AbsentRows.Step && gradient.Slice(row * width, width).IndexOfAnyExcept(0f) < 0;
            (isAbsent ? _absent : _stepped).Add((row * width, width));
        }
    }
}
