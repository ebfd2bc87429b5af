package dev.sallyport.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryParameterTest {
    private static final QueryParameter KEY = new QueryParameter("api key");

    @ParameterizedTest
    @CsvSource({
        "api%20key=x, 1, x",
        "a=1&api+key=x&b=2, 1, x",
        "%61pi%20%6Bey=x&api+key=y, 2, x",
        "api+key, 1, ''",
        "api+key=, 1, ''",
        "api+key=a=b, 1, a=b",
        "apikey=x, 0,",
        "xapi+key=x, 0,",
        "api+key2=x, 0,",
        "a=api+key, 0,",
        "'', 0,",
        "&&, 0,",
        "api%2, 0,",
    })
    void findsEverySpelling(String query, int count, String first) {
        assertThat(KEY.count(query)).isEqualTo(count);
        assertThat(KEY.first(query)).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({
        "a=1&api+key=x&b=2, a=1&b=2",
        "api+key=x&b=2, b=2",
        "a=1&api%20key=x, a=1",
        "a=1&api+key=x&api+key=y&b, a=1&b",
        "api+key=x,",
        "a=1&&b=%2, a=1&&b=%2",
        "'', ''",
    })
    void isTakenOutWithoutTouchingTheRest(String query, String rest) {
        assertThat(KEY.without(query)).isEqualTo(rest);
    }

    @Test
    void isNotFoundWhereThereIsNoQuery() {
        assertThat(KEY.count(null)).isZero();
        assertThat(KEY.first(null)).isNull();
        assertThat(KEY.without(null)).isNull();
    }
}
